package dev.seiche.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks that all frameworks compute the same, times them side by side, and prints and stores the table. */
@Command(name = "bench/run", description = "Times Seiche beside other frameworks.", mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {
    private static final Path OUTPUT = Path.of("bench", "target", "bench");

    @Parameters(
            paramLabel = "quick | samples | NAME",
            description =
                    "quick: the training steps only, once. samples: questions about sample gradients, once, with one"
                            + " thread. Else tasks whose names begin like this; default: all but samples"
                            + " and the halves of convolutions' backward pass.")
    private List<String> names = List.of();

    @Option(names = "--rounds", description = "Processes for each framework; default: 3, and 1 for quick and samples.")
    private int rounds;

    @Option(names = "--threads", split = ",", description = "Numbers of threads; default: 1,2, and 1 for samples.")
    private List<Integer> threads = List.of();

    @Option(names = "--frameworks", split = ",", description = "Default: all on the class path.")
    private List<String> only = List.of();

    @Option(
            names = "--readme",
            description =
                    "Write the table into README.md also when not everything was run; of samples into docs/per-sample-gradients.md.")
    private boolean readme;

    private final List<Timing> timings = new ArrayList<>();

    /** Entry of {@code bench/run}. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException {
        boolean quick = names.contains("quick");
        List<String> prefixes = quick ? List.of("mlp-step", "cnn-step") : names;
        boolean samples = names.equals(List.of("samples"));
        int processes = rounds > 0 ? rounds : quick || samples ? 1 : 3;
        if (threads.isEmpty()) {
            threads = samples ? List.of(1) : List.of(1, 2);
        }
        List<Catalogue.Group> groups = samples ? Catalogue.samples() : chosen(prefixes);
        List<Framework> frameworks = Framework.all().stream()
                .filter(f -> only.isEmpty() || only.contains(f.name()))
                .toList();
        if (groups.isEmpty() || frameworks.isEmpty()) {
            System.err.println(
                    "bench: nothing to do: no task begins with " + names + ", or no framework is one of " + only);
            return CommandLine.ExitCode.USAGE;
        }
        Files.createDirectories(OUTPUT);
        double loadBefore = Machine.load();
        System.out.println(Machine.describe() + ", load " + Machine.load(loadBefore));
        if (!sameAnswers(frameworks, groups)) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        long begin = System.nanoTime();
        for (int round = 0; round < processes; round++) {
            for (Catalogue.Group group : groups) {
                for (int count : threads) {
                    for (int i = 0; i < frameworks.size(); i++) {
                        // rotated, so that none always follows the same one
                        measure(group, frameworks.get((i + round) % frameworks.size()), count);
                    }
                }
            }
        }
        System.out.printf("timed in %.0f s%n%n", (System.nanoTime() - begin) / 1e9);
        Table table = new Table(frameworks, timings);
        System.out.print(table);
        String about = about(processes, loadBefore);
        store(about);
        if (samples) {
            String ratios = new SampleRatios(timings).toString();
            System.out.print("\n" + ratios);
            if (readme) {
                Readme.write(Path.of("docs", "per-sample-gradients.md"), about + "\n\n" + table + "\n" + ratios);
                System.out.println("\nwritten into docs/per-sample-gradients.md");
            }
            return CommandLine.ExitCode.OK;
        }
        if (readme || names.isEmpty() && only.isEmpty() && rounds == 0 && frameworks.size() > 1) {
            Readme.write(Path.of("README.md"), about + "\n\n" + table);
            System.out.println("\nwritten into README.md");
        }
        return CommandLine.ExitCode.OK;
    }

    private static List<Catalogue.Group> chosen(List<String> prefixes) {
        List<Catalogue.Group> chosen = new ArrayList<>();
        List<Catalogue.Group> all = new ArrayList<>(Catalogue.groups());
        if (!prefixes.isEmpty()) {
            all.addAll(Catalogue.halves());
        }
        for (Catalogue.Group group : all) {
            List<Task> tasks = group.tasks().stream()
                    .filter(t -> prefixes.isEmpty()
                            || prefixes.stream().anyMatch(p -> t.name().startsWith(p)))
                    .toList();
            if (!tasks.isEmpty()) {
                chosen.add(new Catalogue.Group(tasks, group.warmUpSeconds(), group.seconds()));
            }
        }
        return chosen;
    }

    private String about(int processes, double loadBefore) {
        return "%s; load %s before and %s after. Medians of single runs in the quietest of %d windows, in %s. `bench/run%s`"
                .formatted(
                        Machine.describe(),
                        Machine.load(loadBefore),
                        Machine.load(Machine.load()),
                        processes * Catalogue.WINDOWS,
                        processes == 1 ? "one process" : processes + " processes in turn",
                        names.isEmpty() ? "" : " " + String.join(" ", names));
    }

    /** Lets every framework answer every task, with each number of threads, and compares with the first. */
    private boolean sameAnswers(List<Framework> frameworks, List<Catalogue.Group> groups)
            throws IOException, InterruptedException {
        List<Task> all =
                groups.stream().flatMap(group -> group.tasks().stream()).toList();
        Path reference = answers(frameworks.get(0), threads.get(0), all);
        boolean same = true;
        for (Framework framework : frameworks) {
            List<Task> tasks = all.stream().filter(framework::has).toList();
            for (int count : threads) {
                Path given = answers(framework, count, tasks);
                double worst = 0;
                for (Task task : tasks) {
                    double distance = Answers.distance(task, Answers.read(given, task), Answers.read(reference, task));
                    worst = Math.max(worst, distance);
                    if (!(distance <= 1)) {
                        System.err.printf(
                                "bench: %s: %s with %d threads and %s disagree: they are %.3g times as far apart as"
                                        + " rounding explains%n",
                                task.name(),
                                framework.name(),
                                count,
                                frameworks.get(0).name(),
                                distance);
                        same = false;
                    }
                }
                System.out.printf(
                        "%s, %d threads: answers at %.2f of the tolerance%n", framework.title(), count, worst);
            }
        }
        return same;
    }

    private static Path answers(Framework framework, int threads, List<Task> tasks)
            throws IOException, InterruptedException {
        Path directory = OUTPUT.resolve("answers").resolve(framework.name() + "-" + threads);
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Answers.class.getName()));
        command.addAll(List.of(framework.name(), Integer.toString(threads), directory.toString()));
        tasks.forEach(task -> command.add(task.name()));
        Path log = OUTPUT.resolve("answers-" + framework.name() + "-" + threads + ".log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(framework.name() + " ended with status " + status + "; what it said is in " + log);
        }
        return directory;
    }

    private void measure(Catalogue.Group whole, Framework framework, int count) throws RunnerException {
        Catalogue.Group group = new Catalogue.Group(
                whole.tasks().stream().filter(framework::has).toList(), whole.warmUpSeconds(), whole.seconds());
        int tasks = group.tasks().size();
        if (tasks == 0) {
            return;
        }
        Options options = new OptionsBuilder()
                .include(Measurement.class.getName() + ".run")
                .param("framework", framework.name())
                .param(
                        "tasks",
                        String.join(",", group.tasks().stream().map(Task::name).toList()))
                .param("threads", Integer.toString(count))
                .forks(1)
                .warmupIterations(tasks)
                .warmupTime(TimeValue.milliseconds((long) (1000 * group.warmUpSeconds())))
                .measurementIterations(tasks * Catalogue.WINDOWS)
                .measurementTime(TimeValue.milliseconds((long) (1000 * group.seconds() / Catalogue.WINDOWS)))
                .jvmArgs(jvmArguments().toArray(String[]::new))
                .shouldFailOnError(true)
                .output(OUTPUT.resolve("jmh.log").toString())
                .build();
        for (RunResult result : new Runner(options).run()) {
            for (BenchmarkResult process : result.getBenchmarkResults()) {
                int next = 0;
                for (IterationResult iteration : process.getIterationResults()) {
                    Task task = group.tasks().get(next++ % tasks);
                    timing(task, framework, count)
                            .addWindow(samples(iteration.getPrimaryResult().getStatistics()));
                }
            }
        }
        for (Task task : group.tasks()) {
            List<Double> medians = timing(task, framework, count).medians();
            System.out.printf(
                    "%-32s %d threads  %-10s %9.3f ms%n",
                    task.name(),
                    count,
                    framework.name(),
                    Collections.min(medians.subList(medians.size() - Catalogue.WINDOWS, medians.size())));
        }
    }

    private Timing timing(Task task, Framework framework, int count) {
        for (Timing timing : timings) {
            if (timing.task().equals(task)
                    && timing.framework().equals(framework.name())
                    && timing.threads() == count) {
                return timing;
            }
        }
        Timing timing = new Timing(task, framework.name(), count);
        timings.add(timing);
        return timing;
    }

    private static double[] samples(Statistics statistics) {
        List<Double> samples = new ArrayList<>();
        Iterator<Map.Entry<Double, Long>> counted = statistics.getRawData();
        while (counted.hasNext()) {
            Map.Entry<Double, Long> entry = counted.next();
            for (long i = 0; i < entry.getValue(); i++) {
                samples.add(entry.getKey());
            }
        }
        return samples.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The same for all frameworks. */
    private static List<String> jvmArguments() {
        Path cache = OUTPUT.toAbsolutePath().resolve("natives");
        return List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dslf4j.internal.verbosity=ERROR",
                // unpacked natives stay under target; nothing is fetched
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-DENGINE_CACHE_DIR=" + cache.resolve("djl"),
                "-Dorg.bytedeco.javacpp.cachedir=" + cache.resolve("javacpp"));
    }

    private void store(String about) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Timing timing : timings) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("task", timing.task().name());
            row.put("threads", timing.threads());
            row.put("framework", timing.framework());
            row.put("median_ms", timing.median());
            row.put("median_ms_by_window", timing.medians());
            row.put("best_ms", timing.quantile(0));
            row.put("p90_ms", timing.quantile(0.9));
            row.put("runs", timing.runs());
            row.put("gflops", timing.task().flops() / timing.median() / 1e6);
            Table.ratio(timing, timings).ifPresent(ratio -> row.put("fastest_other_over_this", ratio));
            rows.add(row);
        }
        ObjectMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Path file = OUTPUT.resolve("results.json");
        mapper.writeValue(file.toFile(), Map.of("about", about, "results", rows));
        System.out.println("\nstored in " + file);
    }
}
