package dev.seiche.study.cli;

import dev.seiche.study.Devices;
import dev.seiche.study.Study;
import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.DiskFault;
import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunRecord;
import dev.seiche.study.run.RunStatus;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche run}: a new run of a study. */
@Command(name = "run", description = "Runs a study and draws its report.")
final class RunCommand implements Callable<Integer> {
    /** More threads than any machine has; keeps a slip of the finger from starting them. */
    private static final int MOST_THREADS = 1024;

    private final Studies studies;
    private final Console console;
    private final StopSignal stop;

    @Parameters(index = "0", paramLabel = "STUDY", description = "A study or a preset; see 'seiche list'.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Values on top of the study's own.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML with values, below KEY=VALUE.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the data sets are.")
    private @Nullable Path data;

    @Option(names = "--out", paramLabel = "DIR", description = "A new or empty directory (default: runs/ID).")
    private @Nullable Path out;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "What computes: cpu (default), cuda:0 for the first GPU, or emulated.")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads (default: all processors).")
    private @Nullable Integer threads;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all randomness (default: 1).")
    private long seed = 1;

    RunCommand(Studies studies, Console console, StopSignal stop) {
        this.studies = studies;
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Studies.Choice choice = studies.choose(name);
        return run(choice, choice.offer().study());
    }

    private <C extends Record> int run(Studies.Choice choice, Study<C> study) {
        Config<C> bound = bind(choice, study, config, overrides);
        Devices.require(device);
        int count = checkThreads();
        if (data != null && !Files.isDirectory(data)) {
            throw new UserException(
                    "--data %s is no directory; give the directory that holds the data sets".formatted(data));
        }
        Instant now = Instant.now();
        String id = id(choice.name(), now);
        RunRecord record = new RunRecord(
                RunRecord.FORMAT,
                id,
                study.name(),
                choice.preset() == null ? null : choice.preset().name(),
                RunStatus.RUNNING,
                null,
                now.truncatedTo(ChronoUnit.MILLIS).toString(),
                null,
                seed,
                data == null ? null : data.toAbsolutePath().toString(),
                bound.tree(),
                bound.origins(),
                overrides,
                Platform.here(device, count),
                List.of(),
                null);
        Path directory = out == null ? Path.of("runs", id) : out;
        return new Execution(console, stop)
                .run(
                        study,
                        bound.value(),
                        choice.offer().report(),
                        around -> ActiveRun.start(directory, record, around));
    }

    /** The configuration of a study: built-in values, then a file's, then the words'. */
    static <C extends Record> Config<C> bind(
            Studies.Choice choice, Study<C> study, @Nullable Path file, List<String> overrides) {
        List<Config.Layer> layers = choice.layers();
        if (file != null) {
            try {
                layers.add(Config.Layer.file(file.toString(), Files.readString(file, StandardCharsets.UTF_8)));
            } catch (CharacterCodingException e) {
                throw new UserException("cannot read %s: it is not UTF-8 text".formatted(file), e);
            } catch (IOException e) {
                throw DiskFault.reading(file, e);
            }
        }
        return Config.bind(study.configType(), layers, overrides);
    }

    private int checkThreads() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new UserException("--threads must lie between 1 and %d, got %d; this machine has %d processors"
                    .formatted(MOST_THREADS, threads, Runtime.getRuntime().availableProcessors()));
        }
        return threads;
    }

    private static String id(String name, Instant now) {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(now);
        // Two runs may start in the same second.
        long suffix = (31 * now.toEpochMilli() + ProcessHandle.current().pid()) & 0xFFFF;
        return "%s-%s-%04x".formatted(name, time, suffix);
    }
}
