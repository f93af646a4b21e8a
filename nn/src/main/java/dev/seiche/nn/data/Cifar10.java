package dev.seiche.nn.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The binary files of CIFAR-10, Krizhevsky 2009: records of a label byte and 3,072 pixel bytes, the red plane of 32 x 32
 * first, then green and blue. Five files of 10,000 training images and one of 10,000 test images.
 */
public final class Cifar10 {
    /** Rows and columns of an image. */
    public static final int SIDE = 32;

    /** Bytes of a record: the label, then three planes. */
    public static final int RECORD = 1 + 3 * SIDE * SIDE;

    private static final int PLANE = SIDE * SIDE;

    /** What the labels 0 to 9 mean. */
    public static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /** The files of the training images, in order. */
    public static final List<String> TRAIN =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");

    /** The file of the test images. */
    public static final String TEST = "test_batch.bin";

    /** SHA-256 of each file, by its name. */
    public static final Map<String, String> SHA256 = Map.of(
            "data_batch_1.bin",
            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
            "data_batch_2.bin",
            "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
            "data_batch_3.bin",
            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
            "data_batch_4.bin",
            "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
            "data_batch_5.bin",
            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
            "test_batch.bin",
            "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");

    private Cifar10() {}

    /**
     * The images of some files, one after the other, and the SHA-256 of each file.
     *
     * @param images all of them, [N, 32, 32, 3]
     */
    public record Records(LabelledImages images, Map<String, String> sha256) {}

    /**
     * Reads records.
     *
     * @throws DataException if a file is missing, unreadable, no whole number of records, or holds an unknown label
     */
    public static Records read(Path directory, List<String> files) {
        byte[][] contents = new byte[files.size()][];
        Map<String, String> digests = new LinkedHashMap<>();
        int count = 0;
        for (int i = 0; i < contents.length; i++) {
            contents[i] = bytes(directory.resolve(files.get(i)));
            count += contents[i].length / RECORD;
            digests.put(files.get(i), sha256(contents[i]));
        }
        byte[] pixels = new byte[Math.multiplyExact(count, 3 * PLANE)];
        int[] labels = new int[count];
        int image = 0;
        for (int i = 0; i < contents.length; i++) {
            for (int start = 0; start < contents[i].length; start += RECORD, image++) {
                labels[image] = contents[i][start] & 0xFF;
                if (labels[image] >= CLASSES.size()) {
                    throw new DataException(
                            "record %d has label %d, there are 10 classes".formatted(start / RECORD, labels[image]),
                            directory.resolve(files.get(i)).toString(),
                            "check that this is a binary file of CIFAR-10, not of CIFAR-100");
                }
                interleave(contents[i], start + 1, pixels, image * 3 * PLANE);
            }
        }
        return new Records(LabelledImages.of(pixels, labels, SIDE, SIDE, 3, CLASSES), digests);
    }

    /** Three planes to three bytes a pixel. */
    private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int p = 0; p < PLANE; p++) {
            for (int c = 0; c < 3; c++) {
                pixels[to + 3 * p + c] = planes[from + c * PLANE + p];
            }
        }
    }

    /**
     * A record from three bytes a pixel, row by row.
     *
     * @param label 0 to 9
     * @param rgb at least 3,072 bytes from {@code from} on
     * @param into receives {@value #RECORD} bytes from {@code to} on
     */
    public static void write(int label, byte[] rgb, int from, byte[] into, int to) {
        into[to] = (byte) label;
        for (int p = 0; p < PLANE; p++) {
            for (int c = 0; c < 3; c++) {
                into[to + 1 + c * PLANE + p] = rgb[from + 3 * p + c];
            }
        }
    }

    private static byte[] bytes(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DataException(
                    "this file of CIFAR-10 is missing", file.toString(), "get the set by 'seiche data get cifar-10'");
        } catch (IOException e) {
            throw new DataException(
                    "reading fails (" + e.getMessage() + ")", file.toString(), "check the file and its permissions");
        }
        if (bytes.length == 0 || bytes.length % RECORD != 0) {
            throw new DataException(
                    "%d bytes are no whole number of records of %d bytes".formatted(bytes.length, RECORD),
                    file.toString(),
                    "the file was cut short or is no binary file of CIFAR-10; get it again");
        }
        return bytes;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
