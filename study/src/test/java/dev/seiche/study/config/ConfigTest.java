package dev.seiche.study.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigTest {
    enum Loss {
        SQUARED_ERROR,
        CROSS_ENTROPY
    }

    record Net(
            @Doc("Units of each hidden layer") @AtLeast(1) List<Integer> hidden,
            @OneOf({"tanh", "relu"}) String activation) {}

    record Arm(String name, @Positive double rate) {}

    record Setup(
            @Doc("Number of steps") @AtLeast(1) int steps,

            @Doc("Learning rates, one arm each") @Positive @NotEmpty
            List<Double> rates,

            @AtLeast(0) @LessThan(1) double momentum,
            Loss loss,
            boolean standardise,
            long budget,
            Net net,
            List<Arm> arms) {
        Setup {
            if (budget < steps) {
                throw new IllegalArgumentException("budget=" + budget + " is below steps=" + steps);
            }
        }
    }

    private static final String DEFAULTS = """
            # A comment.
            steps: 600
            rates: [0.02, 1e-1]
            momentum: 0
            loss: squared-error
            standardise: true
            budget: 1000
            net:
              hidden: [50, 50]
              activation: tanh
            arms:
              - name: slow
                rate: 0.1
              - {name: fast, rate: 0.2}
            """;

    private static Config<Setup> bind(String file, String... overrides) {
        return Config.bind(
                Setup.class,
                List.of(Config.Layer.builtIn("default", DEFAULTS), Config.Layer.file("mine.yaml", file)),
                List.of(overrides));
    }

    private static String errorOf(String file, String... overrides) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> bind(file, overrides));
        assertThat(e).isNotNull();
        assertThat(e.getMessage().lines().count()).isBetween(1L, 5L);
        return e.getMessage();
    }

    @Test
    void defaultsFileAndCommandLineLieOnTopOfEachOther() {
        Config<Setup> config = bind("steps: 5\nnet:\n  activation: relu\n", "steps=7", "net.hidden=[3]");
        assertThat(config.value())
                .isEqualTo(new Setup(
                        7,
                        List.of(0.02, 0.1),
                        0,
                        Loss.SQUARED_ERROR,
                        true,
                        1000,
                        new Net(List.of(3), "relu"),
                        List.of(new Arm("slow", 0.1), new Arm("fast", 0.2))));
        assertThat(config.origins())
                .containsEntry("steps", "command line")
                .containsEntry("net.activation", "mine.yaml:3")
                .containsEntry("rates", "default");
    }

    @Test
    void resolvedYamlExplainsEachKeyAndBindsToTheSameRecord() {
        Config<Setup> config = bind("steps: 5\n", "rates=[0.5]");
        assertThat(config.resolved())
                .contains(
                        "# Number of steps (at least 1)\nsteps: 5  # from: mine.yaml:1\n",
                        "rates: [0.5]  # from: command line\n",
                        "loss: squared-error  # from: default\n",
                        "  # Units of each hidden layer (at least 1)\n  hidden: [50, 50]  # from: default\n");
        assertThat(Config.bind(Setup.class, List.of(Config.Layer.file("again", config.resolved())), List.of())
                        .value())
                .isEqualTo(config.value());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownKeyFirst() {
        assertThat(errorOf("steps: 5\nmomentun: 0.9\n"))
                .isEqualTo("mine.yaml:2: unknown key 'momentun'; did you mean 'momentum'? known: "
                        + "momentum, net, arms, budget, loss, rates, steps, standardise");
        assertThat(errorOf("", "net.activaton=relu"))
                .isEqualTo(
                        "command line: unknown key 'net.activaton'; did you mean 'activation'? known: activation, hidden");
    }

    @Test
    void aWrongTypeSaysWhatIsWantedAndWhatWasGiven() {
        assertThat(errorOf("\nsteps: many\n"))
                .isEqualTo("mine.yaml:2: 'steps' wants a whole number, at least 1, got the text 'many'");
        assertThat(errorOf("steps: 1.5\n")).contains("wants a whole number, at least 1, got 1.5");
        assertThat(errorOf("steps: \"5\"\n")).contains("got the text '5'; remove the quotes");
        assertThat(errorOf("steps:\n")).contains("got nothing");
        assertThat(errorOf("standardise: yes\n")).contains("wants true or false, got the text 'yes'");
        assertThat(errorOf("net: 3\n")).contains("'net' wants a group of keys, got 3");
        assertThat(errorOf("rates: 0.1\n")).contains("'rates' wants a list, got 0.1; write [a, b]");
        assertThat(errorOf("rates: [0.1, fast]\n")).contains("'rates[1]' wants a number");
        assertThat(errorOf("loss: hinge\n"))
                .isEqualTo("mine.yaml:1: 'loss' cannot be 'hinge'; known: cross-entropy, squared-error");
    }

    @Test
    void aValueOutOfRangeSaysTheLimit() {
        assertThat(errorOf("", "steps=0")).isEqualTo("command line: 'steps' must be at least 1, got 0");
        assertThat(errorOf("rates: [0.1, -0.2]\n"))
                .isEqualTo("mine.yaml:1: 'rates' must be greater than 0, got [0.1, -0.2]");
        assertThat(errorOf("rates: []\n")).contains("'rates' must not be empty");
        assertThat(errorOf("momentum: 1\n")).contains("'momentum' must be less than 1, got 1");
        assertThat(errorOf("net: {activation: gelu}\n")).contains("'net.activation' must be one of tanh, relu");
        assertThat(errorOf("steps: 99999999999\n")).contains("must lie between -2147483648 and 2147483647");
        assertThat(errorOf("budget: 99999999999999999999\n")).contains("must lie between");
        assertThat(errorOf("momentum: 1e999\n")).contains("too large");
        assertThat(errorOf("momentum: .nan\n")).contains("wants a number");
    }

    @Test
    void aRuleBetweenKeysIsToldInItsOwnWords() {
        assertThat(errorOf("budget: 3\n")).isEqualTo("budget=3 is below steps=600");
    }

    @Test
    void aKeyGivenTwiceIsAnErrorThatNamesBothPlaces() {
        assertThat(errorOf("steps: 1\nbudget: 5\nsteps: 2\n"))
                .isEqualTo("mine.yaml:3: key 'steps' is given twice, first at mine.yaml:1; keep one");
        assertThat(errorOf("net: {hidden: [1], hidden: [2]}\n")).contains("key 'net.hidden' is given twice");
        assertThat(errorOf("", "steps=1", "steps=2"))
                .isEqualTo("'steps' is given twice: steps=1 and steps=2; keep one");
    }

    @Test
    void aMissingKeySaysWhatItWouldMean() {
        assertThat(errorOf("arms:\n  - name: a\n"))
                .isEqualTo("mine.yaml:2: missing key 'arms[0].rate' (a number, greater than 0); "
                        + "add it, or give arms[0].rate=VALUE");
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> Config.bind(Setup.class, List.of(Config.Layer.file("a.yaml", "rates: [1]\n")), List.of()));
        assertThat(e)
                .hasMessage("a.yaml:1: missing key 'steps' (a whole number, at least 1): Number of steps; "
                        + "add it, or give steps=VALUE");
    }

    @Test
    void textThatIsNotYamlIsRefusedWithItsLine() {
        assertThat(errorOf("steps: 1\nrates: [1, 2\n")).startsWith("mine.yaml:").contains("not valid YAML");
        assertThat(errorOf("- 1\n- 2\n")).contains("expected lines of 'key: value', found a list");
        assertThat(errorOf("hello\n")).contains("found the text 'hello'");
        assertThat(errorOf("steps: &a 5\nbudget: *a\n")).contains("mine.yaml:2").contains("anchors");
        assertThat(errorOf("steps: !!int 5\n")).contains("tags");
        assertThat(errorOf("steps: 5\n---\nsteps: 6\n")).contains("a second document");
        assertThat(errorOf("", "rates=[1, 2")).startsWith("rates=[1, 2: command line: not valid YAML");
    }

    @Test
    void aWordThatIsNoOverrideIsRefused() {
        assertThat(errorOf("", "steps")).contains("'steps' is not of the form key=value");
        assertThat(errorOf("", "=5")).contains("not of the form");
        assertThat(errorOf("", "net..hidden=[1]")).contains("not of the form");
    }
}
