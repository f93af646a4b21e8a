package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.data.ImageSets;
import dev.seiche.study.gram.GramResults;
import dev.seiche.study.run.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seiche gram} on the shipped images. */
class GramCommandTest {
    /** What a command printed and how it ended. */
    private record Told(int code, String out, String err) {}

    @TempDir
    private Path directory = Path.of("");

    private static Told seiche(List<?> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                System::nanoTime);
        String[] args = words.stream().map(String::valueOf).toArray(String[]::new);
        int code = SeicheCli.execute(args, SeicheCli.shipped(), console);
        return new Told(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Told gram(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("gram", "--out", out));
        words.addAll(List.of(more));
        return seiche(words);
    }

    private static GramResults results(Path run) {
        return RunDirectory.read(run).results(GramResults.class).orElseThrow();
    }

    /** The bytes of every tile and array of a run, by name. */
    private static Map<String, String> bytes(Path run) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (String folder : List.of("parts", "arrays")) {
            try (Stream<Path> files = Files.list(run.resolve(folder))) {
                for (Path file : files.toList()) {
                    all.put(folder + "/" + file.getFileName(), HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return all;
    }

    /** The most memory that tensors took, as the run logged it. */
    private static double peakMegabytes(Path run) throws IOException {
        Matcher line = Pattern.compile("tensors took ([0-9.]+) MB").matcher(Files.readString(run.resolve("log.txt")));
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void aRunPrintsItsPlanAndLeavesTilesATableAndAReport() throws IOException {
        Path run = directory.resolve("run");
        Told told = gram(
                run,
                "--model",
                "mlp:12",
                "--samples",
                60,
                "--tile",
                16,
                "--dtype",
                "f64",
                "--keep",
                "gram",
                "--threads",
                1);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err()).contains("60 samples, 1770 pairs, in 10 tiles of 16 x 16", "100% 10/10");
        assertThat(told.err()).contains("tensors are on cpu; the JVM is not counted in their budget");
        assertThat(told.out()).contains("Cosines of 1770 pairs of 60 samples", "fc1", "report ");
        GramResults found = results(run);
        // the record has the plan: a bias is multiplied with its layer's weight
        assertThat(found.plan()).anyMatch(line -> line.matches("fc1.weight .* CONTRACT .*"));
        assertThat(found.plan()).anyMatch(line -> line.matches("fc1.bias .* JOINED .*"));
        assertThat(told.err()).contains(found.plan());
        assertThat(found.layers()).extracting(GramResults.Cosines::name).containsExactly("all", "fc1", "fc2");
        GramResults.Cosines all = found.layers().getFirst();
        assertThat(all.pairs()).isEqualTo(1770);
        assertThat(all.lowest()).isBetween(-1.0, all.mean());
        assertThat(all.histogram().stream().mapToLong(Long::longValue).sum()).isEqualTo(1770);
        assertThat(found.classMeans()).hasSize(10);
        assertThat(bytes(run)).hasSize(10 + 1).containsKey("parts/tile-00000-00003.safetensors");
        assertThat(RunDirectory.read(run).arrays("samples")).containsOnlyKeys("ids", "labels", "norms", "mean_cosines");
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        assertThat(run.resolve("png/histogram.png")).isNotEmptyFile();
        assertThat(run.resolve("png/class-means.png")).isNotEmptyFile();
    }

    @Test
    void screeningFindsTheExtremesOfAllPairsAndSaysWhatItComputed() throws IOException {
        Object[] words = {"--model", "mlp:12", "--samples", 200, "--dtype", "f64", "--tile", 50};
        Path exact = directory.resolve("exact");
        assertThat(gram(exact, words).code()).isZero();
        Path screened = directory.resolve("screened");
        List<Object> more = new ArrayList<>(List.of(words));
        more.addAll(List.of("--screen", 2048, "--budget", "16MB"));
        Told told = gram(screened, more.toArray());
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err()).contains("19900 pairs of 200 samples are estimated", "the JVM is not counted");
        assertThat(told.out()).contains("Extreme cosines of 19900 pairs of 200 samples", "lowest", "highest");
        assertThat(peakMegabytes(screened)).isLessThanOrEqualTo(16);
        GramResults.Cosines all = results(exact).layers().getFirst();
        GramResults.Screening found = results(screened).screening();
        assertThat(found).isNotNull();
        // f64 products, cut into batches of their own
        assertThat(found.lowest().cosine()).isCloseTo(all.lowest(), within(1e-12));
        assertThat(found.lowest().pair()).isEqualTo(all.lowestPair());
        assertThat(found.highest().cosine()).isCloseTo(all.highest(), within(1e-12));
        assertThat(found.highest().pair()).isEqualTo(all.highestPair());
        assertThat(found.lowest().screened()).isEqualTo(19_900);
        assertThat(found.lowest().computed()).isBetween(1L, 19_899L);
        assertThat(found.lowest().failure()).isCloseTo(1 / 36.0, within(1e-15));
    }

    @Test
    void threadsDoNotChangeABit() throws IOException {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        assertThat(gram(one, "--model", "cnn:3,4", "--samples", 40, "--tile", 16, "--threads", 1)
                        .code())
                .isZero();
        assertThat(gram(two, "--model", "cnn:3,4", "--samples", 40, "--tile", 16, "--threads", 2)
                        .code())
                .isZero();
        assertThat(bytes(two)).isEqualTo(bytes(one));
    }

    @Test
    void memoryStaysWithinEachOfThreeBudgetsForAllShippedImages() throws IOException {
        for (String model : List.of("mlp:50,50", "cnn:4,8")) {
            List<GramResults> found = new ArrayList<>();
            for (int megabytes : new int[] {6, 16, 256}) {
                Path run = directory.resolve(model.replaceAll("\\W", "-") + megabytes);
                Told told = gram(run, "--model", model, "--budget", megabytes + "MB", "--samples", 1000);
                assertThat(told.code()).as(told.err()).isZero();
                assertThat(peakMegabytes(run)).isLessThanOrEqualTo(megabytes);
                found.add(results(run));
            }
            for (GramResults one : found) {
                GramResults.Cosines first = one.layers().getFirst();
                GramResults.Cosines last = found.getLast().layers().getFirst();
                // f32 gradients whose products are cut differently
                assertThat(first.mean()).isCloseTo(last.mean(), within(1e-6));
                assertThat(first.lowest()).isCloseTo(last.lowest(), within(1e-5));
                assertThat(first.lowestPair()).isEqualTo(last.lowestPair());
            }
        }
    }

    @Test
    void theThreeMeaningsOfBatchNormDiffer() {
        List<Double> means = new ArrayList<>();
        for (String mode : List.of("frozen", "exact", "contribution")) {
            Path run = directory.resolve(mode);
            Told told = gram(run, "--model", "cnn-bn:3", "--samples", 24, "--tile", 12, "--bn", mode, "--dtype", "f64");
            assertThat(told.code()).as(told.err()).isZero();
            means.add(results(run).layers().getFirst().mean());
        }
        assertThat(means).doesNotHaveDuplicates();
    }

    @Test
    void weightsAreTakenFromARun() {
        Path trained = directory.resolve("trained");
        assertThat(seiche(List.of(
                                "run",
                                "oscillation",
                                "data.samples=20",
                                "network.hidden=[6]",
                                "train.rates=[0.05,0.1]",
                                "train.steps=4",
                                "measure.sharpnessEvery=0",
                                "--out",
                                trained))
                        .code())
                .isZero();
        Path run = directory.resolve("run");
        Told several = gram(run, "--model", trained, "--samples", 20);
        assertThat(several.code()).isEqualTo(2);
        assertThat(several.err())
                .contains("holds several weights", "weights-lr-0.05 (step 4), weights-lr-0.1 (step 4)", "--weights");
        Path taken = directory.resolve("taken");
        Told told = gram(taken, "--model", trained, "--weights", "weights-lr-0.1", "--samples", 20);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(results(taken).layers())
                .extracting(GramResults.Cosines::name)
                .containsExactly("all", "fc1", "fc2");
    }

    @Test
    void dataMayBeAFolderOfIdxFilesOrMadeUp() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        for (String file : List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")) {
            String name = file + "-ubyte.gz";
            try (InputStream in = ImageSets.class.getResourceAsStream("fashion-mnist/" + name)) {
                Files.copy(Objects.requireNonNull(in), folder.resolve(name));
            }
        }
        Path shipped = directory.resolve("shipped");
        Path own = directory.resolve("own");
        Object[] words = {"--samples", 40, "--tile", 20, "--classes", "1,7"};
        assertThat(gram(shipped, words).code()).isZero();
        List<Object> more = new ArrayList<>(List.of(words));
        more.addAll(List.of("--data", folder));
        Told told = gram(own, more.toArray());
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(results(own).layers()).isEqualTo(results(shipped).layers());
        assertThat(RunDirectory.read(own).arrays("samples"))
                .hasEntrySatisfying(
                        "labels", labels -> assertThat(labels.ints()).containsOnly(1, 7));
        Path synthetic = directory.resolve("synthetic");
        assertThat(gram(synthetic, "--data", "synthetic", "--samples", 30).code())
                .isZero();
        // patterns of classes are strong, so samples of one class agree
        GramResults found = results(synthetic);
        assertThat(found.classMeans().get(3).get(3))
                .isGreaterThan(found.classMeans().get(3).get(4));
    }

    private void refused(List<?> words, String... texts) {
        Path out = directory.resolve("refused-" + System.nanoTime());
        List<Object> all = new ArrayList<>(List.of("gram", "--out", out));
        all.addAll(words);
        Told told = seiche(all);
        assertThat(told.code()).as(told.err()).isEqualTo(2);
        assertThat(told.err()).contains(texts).doesNotContain("\tat ");
        assertThat(told.err().lines().filter(line -> line.startsWith("error")))
                .as(told.err())
                .hasSize(1);
    }

    @Test
    void whatCannotBeUsedIsRefused() {
        refused(List.of("--model", "rnn:3"), "there is no model 'rnn:3'", "mlp:512,512");
        refused(List.of("--model", "mlp:0"), "width 0");
        refused(List.of("--model", directory), "holds no run.json");
        refused(List.of("--weights", "x"), "is no directory of a run");
        refused(
                List.of("--data", "fashion-mist"),
                "neither a data set nor a directory",
                "did you mean 'fashion-mnist'?");
        refused(List.of("--data", directory), "idx was not found");
        refused(List.of("--samples", "many"), "'data.samples' wants a whole number");
        refused(List.of("--samples", 1001), "data.samples is 1001", "1000 training images");
        refused(List.of("--classes", "10"), "class 10", "0 to 9");
        refused(List.of("--budget", "lots"), "compute.budget must be a number with KB, MB or GB, got 'lots'");
        refused(List.of("--budget", "1KB"), "a budget of 1 KB does not hold");
        refused(List.of("--bn", "exact"), "samples of 'mlp:50,50' do not meet");
        refused(List.of("--bn", "exact", "--model", "cnn-bn:3"), "give --tile B");
        refused(List.of("--bn", "thawed"), "must be one of frozen, exact, contribution");
        refused(List.of("--dtype", "f16"), "must be one of f32, f64");
        refused(List.of("--tile", "-1"), "at least 0");
        refused(List.of("--screen", "-1"), "at least 0");
        refused(List.of("--screen", "64", "--keep", "gram"), "no --keep");
        refused(List.of("--screen", "100000", "--budget", "1MB"), "sketches of 100000 numbers");
        refused(List.of("--device", "abacus"), "there is no device 'abacus'", "cpu, cuda:0, emulated");
        refused(List.of("--device", "emulated"), "emulated cannot be used: its libraries are not built");
        refused(List.of("--keep", "everything"), "--keep takes gram");
        refused(List.of("--sample", "3"), "--sample");
    }
}
