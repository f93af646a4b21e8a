package dev.seiche.study.cli;

import dev.seiche.study.StudyException;
import dev.seiche.study.confusion.ConfusionExperiment;
import dev.seiche.study.edge.EdgeExperiment;
import dev.seiche.study.four.FourExperiment;
import dev.seiche.study.gram.GramReport;
import dev.seiche.study.gram.GramStudy;
import dev.seiche.study.measure.MeasureExperiment;
import dev.seiche.study.opposing.OpposingExperiment;
import dev.seiche.study.oscillation.OscillationReport;
import dev.seiche.study.oscillation.OscillationStudy;
import dev.seiche.study.run.Build;
import dev.seiche.study.tail.TailIndexExperiment;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.TrialReport;
import dev.seiche.study.trial.TrialStudy;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program.
 *
 * <p>Exit codes: 0 done, 1 a bug, 2 bad input or place, 3 diverged, 130 asked to stop.
 */
@Command(
        name = "seiche",
        description = "Measures oscillations, conflicts and tails of gradients.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = SeicheCli.Version.class)
public final class SeicheCli implements Runnable {
    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "seiche " + Build.version() + ", build " + Build.id(),
                "java " + System.getProperty("java.runtime.version")
            };
        }
    }

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Shows where an error comes from.")
    private boolean debug;

    private SeicheCli(Console console) {
        this.console = console;
    }

    /** Starts the program with what it ships. */
    public static void main(String[] args) {
        System.exit(execute(args, shipped(), Console.system()));
    }

    /** The studies of this build. */
    static Studies shipped() {
        return new Studies(
                List.of(
                        new Studies.Offer(new OscillationStudy(), new OscillationReport()),
                        new Studies.Offer(new GramStudy(), new GramReport()),
                        offer(new EdgeExperiment()),
                        offer(new OpposingExperiment()),
                        offer(new TailIndexExperiment()),
                        offer(new ConfusionExperiment()),
                        offer(new FourExperiment()),
                        offer(new MeasureExperiment())),
                List.of(
                        new Studies.Preset(
                                "quickstart",
                                "oscillation",
                                "three learning rates on the shipped images: one smooth, two that oscillate",
                                "quickstart.yaml"),
                        oscillation("a", "a tanh network, three seeds"),
                        oscillation("b", "a ReLU network, three seeds"),
                        oscillation("c", "CIFAR-10, 5,000 images, in the size of the paper; hours"),
                        oscillation("d", "a curve of 20 points, three seeds"),
                        paper("edge-of-stability", "edge"),
                        paper("opposing-signals", "opposing"),
                        opposing("cifar-5k", "ResNet-18 on 5,000 images of CIFAR-10 for 20 minutes"),
                        opposing("text", "a decoder that learns the next character"),
                        opposing("curve", "a curve of 20 points"),
                        opposing("optimizers", "SGD with momentum against Adam and SplitSGD"),
                        paper("tail-index", "tail"),
                        paper("confusion", "confusion"),
                        paper("four-in-one", "four")));
    }

    private static <C extends Record, S> Studies.Offer offer(Experiment<C, S> experiment) {
        return new Studies.Offer(new TrialStudy<>(experiment), new TrialReport(experiment));
    }

    private static Studies.Preset oscillation(String letter, String description) {
        String name = "oscillation-" + letter;
        return new Studies.Preset(name, "oscillation", description, name + ".yaml");
    }

    private static Studies.Preset opposing(String part, String description) {
        String name = "opposing-signals-" + part;
        return new Studies.Preset(
                name, "opposing-signals", description, "/dev/seiche/study/opposing/" + name + ".yaml");
    }

    private static Studies.Preset paper(String study, String folder) {
        return new Studies.Preset(
                study + "-paper",
                study,
                study + " in the size of the paper, as far as it is known; hours",
                "/dev/seiche/study/" + folder + "/" + study + "-paper.yaml");
    }

    /**
     * Runs one command.
     *
     * @return exit code of the process
     */
    public static int execute(String[] args, Studies studies, Console console) {
        // Pictures are drawn into memory; without this, Java looks for a display.
        System.setProperty("java.awt.headless", "true");
        SeicheCli cli = new SeicheCli(console);
        try (StopSignal stop = new StopSignal(console)) {
            CommandLine line = cli.line(studies, stop);
            int code;
            try {
                code = line.execute(args);
            } catch (Error e) {
                code = cli.bug(e);
            }
            stop.finish(code);
            return code;
        }
    }

    private CommandLine line(Studies studies, StopSignal stop) {
        CommandLine line = new CommandLine(this)
                .addSubcommand(new RunCommand(studies, console, stop))
                .addSubcommand(new GramCommand(studies, console, stop))
                .addSubcommand(new MeasureCommand(studies, console, stop))
                .addSubcommand(new MetricsCommand(console))
                .addSubcommand(new ListCommand(studies, console))
                .addSubcommand(new ShowCommand(studies, console))
                .addSubcommand(new ReportCommand(studies, console, stop))
                .addSubcommand(new ResumeCommand(studies, console, stop))
                .addSubcommand(new SweepCommand(studies, console, stop))
                .addSubcommand(new CommandLine(new DataCommand())
                        .addSubcommand(new DataGetCommand(console))
                        .addSubcommand(new DataListCommand(console)));
        withHelp(line);
        line.setOut(writer(console.out()));
        line.setErr(writer(console.err()));
        line.setParameterExceptionHandler((e, words) -> badWords(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        return line;
    }

    private static void withHelp(CommandLine line) {
        for (CommandLine sub : line.getSubcommands().values()) {
            sub.getCommandSpec().mixinStandardHelpOptions(true);
            withHelp(sub);
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
    }

    /** Without a command: says what there is. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "no command given");
    }

    private int badWords(CommandLine.ParameterException e) {
        trace(e);
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        console.err()
                .println("error: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("bad words"));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command.getErr().flush();
        }
        console.err().println("see '" + name + " --help'");
        return 2;
    }

    private int failed(Exception e) {
        if (!(e instanceof StudyException told)) {
            return bug(e);
        }
        trace(e);
        console.err().println((told.exitCode() == 130 ? "" : "error: ") + told.getMessage());
        return told.exitCode();
    }

    private int bug(Throwable e) {
        trace(e);
        console.err().println("error: this is a bug in Seiche: " + e);
        if (!debug) {
            console.err().println("run it again with --debug to see where, and report it");
        }
        return 1;
    }

    private void trace(Throwable e) {
        if (debug) {
            e.printStackTrace(console.err());
        }
    }
}
