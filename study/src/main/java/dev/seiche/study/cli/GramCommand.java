package dev.seiche.study.cli;

import dev.seiche.nn.data.ImageSets;
import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code seiche gram}: the study of this name with options for its values. */
@Command(
        name = "gram",
        description = {
            "Multiplies the gradients of all pairs of samples, exactly and within a budget of memory.",
            "Goes on after an interruption by 'seiche resume DIR'."
        })
final class GramCommand implements Callable<Integer> {
    private static final String SYNTHETIC = "synthetic";

    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Option(
            names = "--model",
            paramLabel = "SPEC|DIR",
            description = "mlp:WIDTHS, cnn:CHANNELS or cnn-bn:CHANNELS, as mlp:512,512, or a run of 'oscillation'.")
    private @Nullable String model;

    @Option(names = "--weights", paramLabel = "NAME", description = "Which weights of a run, as weights-lr-0.1.")
    private @Nullable String weights;

    @Option(names = "--activation", paramLabel = "NAME", description = "Of a SPEC: tanh (default), relu, gelu, ...")
    private @Nullable String activation;

    @Option(names = "--loss", paramLabel = "NAME", description = "cross-entropy (default) or half-squared-error.")
    private @Nullable String loss;

    @Option(
            names = "--bn",
            paramLabel = "MODE",
            description = "Where batch norm makes samples meet: frozen (default), exact or contribution.")
    private @Nullable String batchNorm;

    @Option(
            names = "--data",
            paramLabel = "SET|DIR",
            description =
                    "fashion-mnist-1k (shipped, default), fashion-mnist, mnist, synthetic, or a folder of IDX files.")
    private @Nullable String data;

    @Option(names = "--samples", paramLabel = "N", description = "The first N training images (default: 1000).")
    private @Nullable String samples;

    @Option(names = "--classes", paramLabel = "A,B,...", description = "Images of these classes only.")
    private @Nullable String classes;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "f32 (default) or f64; products are added in f64.")
    private @Nullable String dtype;

    @Option(
            names = "--budget",
            paramLabel = "SIZE",
            description = "Memory for tensors, the JVM not counted, as 512MB (default).")
    private @Nullable String budget;

    @Option(
            names = "--tile",
            paramLabel = "B",
            description = "Samples at once (default: the most that fit, up to 256).")
    private @Nullable String tile;

    @Option(names = "--keep", paramLabel = "WHAT", description = "gram: the matrix itself too, 8 bytes a pair.")
    private @Nullable String keep;

    @Option(
            names = "--screen",
            paramLabel = "K",
            description = "The lowest and highest cosine alone, screened by sketches of K numbers, as 1024.")
    private @Nullable String screen;

    @Mixin
    private LaunchOptions options = new LaunchOptions();

    GramCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>();
        text(words, "model.spec", model);
        text(words, "model.weights", weights);
        text(words, "model.activation", activation);
        text(words, "model.loss", loss);
        text(words, "model.batchNorm", batchNorm);
        Path folder = folder();
        text(words, "data.set", folder == null ? data : "idx");
        plain(words, "data.samples", samples);
        plain(words, "data.classes", classes == null ? null : "[" + classes + "]");
        text(words, "compute.dtype", dtype);
        text(words, "compute.budget", budget);
        plain(words, "compute.tile", tile);
        if (keep != null && !keep.equals("gram")) {
            throw new UserException("--keep takes gram, got '%s'".formatted(keep));
        }
        plain(words, "keep.gram", keep == null ? null : "true");
        plain(words, "screen.buckets", screen);
        return options.launch(folder).run(studies.choose("gram"), null, words, new Execution(console, stop));
    }

    /** The folder that {@code --data} names, or null where it names a set. */
    private @Nullable Path folder() {
        if (data == null || data.equals(SYNTHETIC) || ImageSets.names().contains(data)) {
            return null;
        }
        if (Files.isDirectory(Path.of(data))) {
            return Path.of(data);
        }
        List<String> known = new ArrayList<>(ImageSets.names());
        known.remove("idx");
        known.add(SYNTHETIC);
        throw new UserException("--data '%s' is neither a data set nor a directory; %s"
                .formatted(data, Suggestions.sentence(data, known)));
    }

    private static void plain(List<String> words, String key, @Nullable String value) {
        if (value != null) {
            words.add(key + "=" + value);
        }
    }

    /** Quoted, so that whatever was typed stays text. */
    private static void text(List<String> words, String key, @Nullable String value) {
        plain(words, key, value == null ? null : "'" + value.replace("'", "''") + "'");
    }
}
