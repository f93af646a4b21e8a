package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSetsTest {

    @TempDir
    Path directory;

    @Test
    void theShippedImagesNeedNoDirectory() {
        ImageSet set = ImageSets.load("fashion-mnist-1k", places());
        assertThat(set.train()).hasToString("1000 images of 28 x 28 x 1 in 10 classes");
        assertThat(set.test().count()).isEqualTo(200);
        assertThat(set.source()).isEqualTo("shipped");
        assertThat(set.sha256()).hasSize(4);
        // The first training image of Fashion-MNIST is an ankle boot.
        assertThat(set.train().classNames().get(set.train().label(0))).isEqualTo("Ankle boot");
    }

    @Test
    void theShippedImagesHaveTheMomentsThatNumpyFinds() {
        // numpy: x = frombuffer(zcat train-images, 'u1', offset=16).astype('f8') / 255; x.mean(), x.std()
        Standardisation global = Standardisation.global(
                ImageSets.load("fashion-mnist-1k", places()).train());
        assertThat(global.mean().get(0)).isCloseTo(0.28290317627050826, within(1e-12)); // sums of 784,000 numbers
        assertThat(global.standardDeviation().get(0)).isCloseTo(0.35307930282808875, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-idx%d-ubyte", ".idx%d-ubyte", "-idx%d-ubyte.gz", ".idx%d-ubyte.gz"})
    void filesAreFoundUnderTheirFourUsualNames(String ending) throws IOException {
        write(directory, ending, 256);
        ImageSet set = ImageSets.load("idx", places());
        assertThat(set.train()).hasToString("6 images of 2 x 2 x 1 in 3 classes");
        assertThat(set.test().count()).isEqualTo(3);
        assertThat(set.source()).isEqualTo(directory.toString());
    }

    @Test
    void aDirectoryNamedLikeTheSetComesFirst() throws IOException {
        Path named = Files.createDirectory(directory.resolve("idx"));
        write(named, "-idx%d-ubyte", 256);
        write(directory, "-idx%d-ubyte", 200);
        assertThat(ImageSets.load("idx", places()).source()).isEqualTo(named.toString());
    }

    @Test
    void filesOfAnotherSetAreNotTakenForTheNamedOne() throws IOException {
        write(directory, "-idx%d-ubyte", 256);
        assertThatThrownBy(() -> ImageSets.load("mnist", places()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("these are not the bytes of mnist: SHA-256 (uncompressed) is ")
                .hasMessageContaining("expected ba891046e6505d7a...")
                .hasMessageContaining("train-images-idx3-ubyte")
                .hasMessageContaining("the set name 'idx' takes any images of this form");
    }

    @Test
    void anIncompleteDirectoryNamesTheMissingFile() throws IOException {
        write(directory, "-idx%d-ubyte", 256);
        Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));
        assertThatThrownBy(() -> ImageSets.load("idx", places()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t10k-labels-idx1-ubyte (or t10k-labels-idx1-ubyte.gz) is missing")
                .hasMessageContaining("in: " + directory);
    }

    @Test
    void aSetThatIsNowhereListsThePlacesAndTheWayToGetIt() {
        assertThatThrownBy(() -> ImageSets.load("fashion-mnist", places()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("fashion-mnist was not found")
                .hasMessageContaining(directory + " (--data), each also in fashion-mnist")
                .hasMessageContaining("seiche data get fashion-mnist");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> ImageSets.load("fashion_mnist", places()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'fashion_mnist'")
                .hasMessageContaining("use one of fashion-mnist-1k, fashion-mnist, mnist, cifar-10, idx");
    }

    @Test
    void trainingAndTestImagesHaveOneSize() throws IOException {
        write(directory, "-idx%d-ubyte", 256);
        Files.write(directory.resolve("t10k-images-idx3-ubyte"), IdxFiles.ubyte(256, 3, 4, 1));
        assertThatThrownBy(() -> ImageSets.load("idx", places())).hasMessageContaining("differ in size");
    }

    @Test
    void placesAreTheGivenDirectoryAloneOrEnvironmentCacheAndSystem() {
        Path home = Path.of("/home/someone");
        assertThat(DataPlaces.of(directory, Map.of("SEICHE_DATA", "/d"), home)).hasToString(directory + " (--data)");
        assertThat(DataPlaces.of(null, Map.of(), home))
                .hasToString("/home/someone/.cache/seiche (cache), /usr/share/datasets (system)");
        assertThat(DataPlaces.of(null, Map.of("SEICHE_DATA", "/d", "XDG_CACHE_HOME", "/c"), home))
                .hasToString("/d ($SEICHE_DATA), /c/seiche (cache), /usr/share/datasets (system)");
    }

    @Test
    void aGivenDirectoryHasToExist() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> DataPlaces.of(directory.resolve("no"), Map.of(), directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no such directory");
        assertThatThrownBy(() -> DataPlaces.of(file, Map.of(), directory))
                .hasMessageContaining("this is not a directory");
    }

    private DataPlaces places() {
        return DataPlaces.of(directory, Map.of(), directory);
    }

    private static void write(Path directory, String ending, int modulus) throws IOException {
        write(directory, "train-images" + ending.formatted(3), IdxFiles.ubyte(modulus, 6, 2, 2));
        write(directory, "train-labels" + ending.formatted(1), IdxFiles.ubyte(3, 6));
        write(directory, "t10k-images" + ending.formatted(3), IdxFiles.ubyte(modulus, 3, 2, 2));
        write(directory, "t10k-labels" + ending.formatted(1), IdxFiles.ubyte(3, 3));
    }

    private static void write(Path directory, String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), name.endsWith(".gz") ? IdxFiles.gzip(bytes) : bytes);
    }
}
