package dev.seiche.nn.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Image data sets by name.
 *
 * <ul>
 *   <li>{@code fashion-mnist-1k}: the first 1,000 training and 200 test images of Fashion-MNIST; ships with Seiche;
 *   <li>{@code fashion-mnist}, {@code mnist}: the full sets, 60,000 and 10,000 images, from a directory; checked by SHA-256,
 *       because the two use the same file names;
 *   <li>{@code cifar-10}: the full set, 50,000 and 10,000 images, as six binary files ({@link Cifar10}) from a directory;
 *       checked by SHA-256;
 *   <li>{@code idx}: any four files of that form in a directory, with classes named by their numbers.
 * </ul>
 *
 * The four files of the others are {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and
 * {@code t10k-labels-idx1-ubyte}; {@code -idx} may be {@code .idx}, and {@code .gz} may follow.
 */
public final class ImageSets {
    private static final String SHIPPED = "fashion-mnist-1k";
    private static final String ANY = "idx";
    private static final String CIFAR = "cifar-10";

    private static final List<String> FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    private static final List<String> FASHION_CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /** A data set whose files are known: its classes, the SHA-256 of each uncompressed file, and how to come by them. */
    private record Known(List<String> classes, List<String> sha256, String fix) {}

    private static final Map<String, Known> KNOWN = Map.of(
            SHIPPED,
            new Known(
                    FASHION_CLASSES,
                    List.of(
                            "e40edda7e9d8af05f5b762673ec21bbef87429a0c217d9e7953c711409749e45",
                            "78ada934314bea75dcf5d086dfaad6ca75d2ed2801b6e35392fdb406a6338c12",
                            "a83986794402227a1e9f8491954178a24b2e314b7081f0776c7dc9a675541994",
                            "917f3dc1edaef97b3feb11cd8efd38ab95d9038ccccd2efaca468e935041743e"),
                    "build Seiche again"),
            "fashion-mnist",
            new Known(
                    FASHION_CLASSES,
                    List.of(
                            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
                    "get it by 'seiche data get fashion-mnist', or use the shipped " + SHIPPED),
            "mnist",
            new Known(
                    digits(10),
                    List.of(
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
                    "get it by 'seiche data get mnist', or use the shipped " + SHIPPED));

    private static final List<String> NAMES = List.of(SHIPPED, "fashion-mnist", "mnist", CIFAR, ANY);

    private ImageSets() {}

    /** All names that {@link #load} knows. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Reads a data set.
     *
     * @param places where to look; not used by the shipped set
     * @throws DataException if the name is unknown, a file is missing or wrong, or the files are those of another set
     */
    public static ImageSet load(String name, DataPlaces places) {
        if (!NAMES.contains(name)) {
            throw new DataException(
                    "there is no image set of this name", "'" + name + "'", "use one of " + String.join(", ", NAMES));
        }
        if (name.equals(CIFAR)) {
            return cifar(places);
        }
        Known known = KNOWN.get(name);
        if (name.equals(SHIPPED)) {
            return assemble(
                    name, "shipped", FILES.stream().map(ImageSets::shipped).toList(), known);
        }
        Path directory = directory(name, places, known);
        List<Idx> files = FILES.stream()
                .map(file -> Idx.read(inDirectory(directory, file)))
                .toList();
        return assemble(name, directory.toString(), files, known);
    }

    /** The names of the four files, and the SHA-256 of each once uncompressed; empty for a set that is not of that form. */
    public static Map<String, String> sha256(String name) {
        Known known = KNOWN.get(name);
        Map<String, String> digests = new LinkedHashMap<>();
        for (int i = 0; known != null && i < FILES.size(); i++) {
            digests.put(FILES.get(i), known.sha256().get(i));
        }
        return digests;
    }

    private static ImageSet cifar(DataPlaces places) {
        for (Path candidate : places.candidates(CIFAR)) {
            if (Files.exists(candidate.resolve(Cifar10.TEST))) {
                Cifar10.Records train = Cifar10.read(candidate, Cifar10.TRAIN);
                Cifar10.Records test = Cifar10.read(candidate, List.of(Cifar10.TEST));
                Map<String, String> digests = new LinkedHashMap<>(train.sha256());
                digests.putAll(test.sha256());
                Cifar10.SHA256.forEach((file, expected) -> {
                    if (!expected.equals(digests.get(file))) {
                        throw new DataException(
                                "these are not the bytes of cifar-10: SHA-256 is %.16s..., expected %.16s..."
                                        .formatted(digests.get(file), expected),
                                candidate.resolve(file).toString(),
                                "remove the file and get it again by 'seiche data get cifar-10'");
                    }
                });
                return new ImageSet(CIFAR, candidate.toString(), train.images(), test.images(), digests);
            }
        }
        throw new DataException(
                "cifar-10 was not found: looked for " + Cifar10.TEST,
                places + ", each also in " + CIFAR,
                "get it by 'seiche data get cifar-10', or use the shipped " + SHIPPED);
    }

    private static ImageSet assemble(String name, String source, List<Idx> files, @Nullable Known known) {
        Map<String, String> digests = new LinkedHashMap<>();
        for (int i = 0; i < FILES.size(); i++) {
            Idx file = files.get(i);
            digests.put(FILES.get(i), file.sha256());
            if (known != null && !file.sha256().equals(known.sha256().get(i))) {
                throw new DataException(
                        "these are not the bytes of %s: SHA-256 (uncompressed) is %.16s..., expected %.16s..."
                                .formatted(name, file.sha256(), known.sha256().get(i)),
                        file.source(),
                        known.fix() + "; the set name 'idx' takes any images of this form");
            }
        }
        List<String> classes =
                known != null ? known.classes() : digits(1 + Math.max(largest(files.get(1)), largest(files.get(3))));
        LabelledImages train = LabelledImages.of(files.get(0), files.get(1), classes);
        LabelledImages test = LabelledImages.of(files.get(2), files.get(3), classes);
        if (train.height() != test.height() || train.width() != test.width() || train.channels() != test.channels()) {
            throw new DataException(
                    "training and test images differ in size: " + train + ", " + test,
                    source,
                    "use the files of one set");
        }
        return new ImageSet(name, source, train, test, digests);
    }

    private static Path directory(String name, DataPlaces places, @Nullable Known known) {
        for (Path candidate : places.candidates(name)) {
            if (FILES.stream().anyMatch(file -> find(candidate, file) != null)) {
                return candidate;
            }
        }
        throw new DataException(
                name + " was not found: looked for " + FILES.get(0) + " and the like, plain or .gz",
                places.toString() + ", each also in " + name,
                known != null ? known.fix() : "name their directory with --data");
    }

    private static Path inDirectory(Path directory, String file) {
        Path found = find(directory, file);
        if (found == null) {
            throw new DataException(
                    file + " (or " + file + ".gz) is missing, though other files of the set are here",
                    directory.toString(),
                    "put all four files into one directory");
        }
        return found;
    }

    private static @Nullable Path find(Path directory, String file) {
        String dotted = file.replace("-idx", ".idx");
        return Stream.of(file, dotted, file + ".gz", dotted + ".gz")
                .map(directory::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
    }

    private static Idx shipped(String file) {
        String resource = "fashion-mnist/" + file + ".gz";
        try (InputStream in = ImageSets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new DataException("a shipped file is missing", resource, "build Seiche again");
            }
            return Idx.read("shipped " + resource, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int largest(Idx labels) {
        int largest = 0;
        if (labels.type() == Idx.Type.UBYTE) { // any other type is refused a moment later
            for (byte label : labels.content()) {
                largest = Math.max(largest, label & 0xFF);
            }
        }
        return largest;
    }

    private static List<String> digits(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).map(String::valueOf).toList();
    }
}
