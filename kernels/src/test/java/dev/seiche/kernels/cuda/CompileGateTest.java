package dev.seiche.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.GateChains.Case;
import dev.seiche.kernels.cuda.PtxasLog.Usage;
import dev.seiche.kernels.cuda.driver.Nvrtc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every kernel through NVIDIA's own compiler, for every generation that is supported. Runs in the profile
 * {@code compile-gate}; needs no GPU. {@code -Dseiche.gate.update=true} writes {@code docs/kernels.md} anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "seiche.gate", matches = "true")
class CompileGateTest {
    private static final Path ROOT = root();
    private static final Path TABLE = ROOT.resolve("docs/kernels.md");

    /** Blocks of kernels without launch bounds: see {@code Grid.over}. */
    private static final int THREADS = 256;

    private final KernelSources sources = KernelSources.read();
    private final List<Case> chains = GateChains.all();
    private final Map<Architecture, Map<String, Usage>> usage =
            new TreeMap<>((a, b) -> Integer.compare(a.capability(), b.capability()));
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, String> intermediate = new TreeMap<>();

    @BeforeAll
    void compileEverything() throws Exception {
        Nvrtc nvrtc =
                Nvrtc.open("the compile gate", FetchedCompiler.inCheckout(ROOT).folder());
        Map<String, String> programs = new TreeMap<>(sources.programs());
        chains.forEach(chain -> {
            String name = chain.program().name();
            programs.put(name + ".cu", chain.program().source(name));
        });
        for (Architecture arch : Architecture.ALL) {
            Map<String, Usage> all = new TreeMap<>();
            programs.forEach((file, text) -> {
                List<String> verbose = new ArrayList<>(Programs.options(text));
                verbose.add("--ptxas-options=--verbose");
                verbose.add("--ptxas-options=--warn-on-spills");
                Nvrtc.Compiled compiled = nvrtc.compile(file, text, sources.headers(), arch.name(), verbose);
                PtxasLog log = PtxasLog.read(compiled.log());
                all.putAll(log.kernels());
                log.complaints().forEach(line -> complaints.add(arch.name() + " " + file + ": " + line));
            });
            usage.put(arch, all);
        }
        programs.forEach((file, text) -> {
            byte[] ptx = nvrtc.compile(file, text, sources.headers(), "compute_80", Programs.options(text))
                    .image();
            intermediate.put(file, new String(ptx, StandardCharsets.US_ASCII));
        });
    }

    @Test
    void nothingIsWarnedOf() {
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyKernelIsCompiledForEveryGeneration() {
        Set<String> kernels = new TreeSet<>(sources.kernels().keySet());
        chains.forEach(chain -> kernels.add(chain.program().name()));
        usage.forEach(
                (arch, all) -> assertThat(all.keySet()).as(arch.name()).containsExactlyInAnyOrderElementsOf(kernels));
    }

    @Test
    void noKernelSpills() {
        usage.forEach((arch, all) -> all.forEach((kernel, used) -> assertThat(used.spilledBytes())
                .as("bytes that %s spills on %s", kernel, arch.name())
                .isZero()));
    }

    /** A line {@code // stack NAME: why} in a program allows one. */
    @Test
    void noKernelKeepsAStackFrameUnsaid() {
        List<String> unsaid = new ArrayList<>();
        usage.forEach((arch, all) -> all.forEach((kernel, used) -> {
            String file = String.valueOf(sources.kernels().get(kernel));
            String text = String.valueOf(sources.programs().get(file));
            if (used.stackBytes() > 0 && !text.contains("// stack " + kernel + ":")) {
                unsaid.add(kernel + " on " + arch.name() + ": " + used.stackBytes() + " bytes");
            }
        }));
        assertThat(unsaid).isEmpty();
    }

    /** The block of instructions that runs once per DEPTH steps of the inner axis is nearly all multiply-adds. */
    @Test
    void theBlockedProductSpendsItsLoopOnMultiplyAdds() {
        assertThat(multiplyAdds("matmul_fwd_f32_v3", "fma.rn.f32")).isGreaterThanOrEqualTo(0.85);
        assertThat(multiplyAdds("matmul_fwd_f64_v3", "fma.rn.f64")).isGreaterThanOrEqualTo(0.85);
    }

    /** A product of one op and the sum of the next would round once where two launches round twice. */
    @Test
    void noChainContractsItsOps() {
        List<String> sums = chains.stream()
                .map(chain -> chain.program().name())
                .filter(name -> name.contains("AddScaled_AddScaled_AddScaled_AddScaled"))
                .toList();
        assertThat(sums)
                .hasSize(2)
                .allSatisfy(name -> assertThat(intermediate.get(name + ".cu"))
                        .contains("mul.")
                        .doesNotContain("fma."));
    }

    /** Among the arithmetic instructions of the straight run of code that has most of them. */
    private double multiplyAdds(String kernel, String instruction) {
        String ptx = String.valueOf(intermediate.get(sources.kernels().get(kernel)));
        int start = ptx.indexOf(".entry " + kernel + "(");
        int end = ptx.indexOf(".entry ", start + 1);
        String body = ptx.substring(start, end < 0 ? ptx.length() : end);
        double best = 0;
        int most = 0;
        for (String block : body.split("(?m)^\\$")) {
            int multiplied = count(block, Pattern.quote(instruction));
            int arithmetic = count(
                    block,
                    "(?m)^\\s+(?:@\\S+\\s+)?(?:add|sub|mul|mad|fma|div|rem|shl|shr|and|or|xor|min|max|neg|setp|selp)\\.");
            if (multiplied > most) {
                most = multiplied;
                best = multiplied / (double) arithmetic;
            }
        }
        return best;
    }

    private static int count(String text, String pattern) {
        return (int) Pattern.compile(pattern).matcher(text).results().count();
    }

    @Test
    void theTableIsUpToDate() throws IOException {
        String table = table();
        if (Boolean.getBoolean("seiche.gate.update")) {
            Files.writeString(TABLE, table);
        }
        assertThat(Files.exists(TABLE) ? Files.readString(TABLE) : "")
                .as("docs/kernels.md; write it anew with -Dseiche.gate.update=true")
                .isEqualTo(table);
    }

    private String table() {
        StringBuilder text = new StringBuilder("""
                # Kernels

                Written by `mvn -Pcompile-gate` from what NVIDIA's compiler says of every kernel; not edited by hand. Registers
                are per thread, shared memory in bytes per block. Occupancy is the part of a multiprocessor's threads that fits at
                once by registers, shared memory and blocks. Operations and bytes are for the example size, each operand read once
                and each result written once; their quotient is the arithmetic intensity. No kernel spills or keeps a stack frame,
                unless its file says why.

                | kernel | block | shared |""");
        for (Architecture arch : Architecture.ALL) {
            text.append(" registers ").append(arch.name()).append(" |");
        }
        for (Architecture arch : Architecture.ALL) {
            text.append(" occupancy ").append(arch.name()).append(" |");
        }
        text.append(" example | flops | bytes | flops/byte |\n|---|---|---|");
        text.append("---|".repeat(2 * Architecture.ALL.length + 4)).append('\n');
        for (String kernel : sources.kernels().keySet().stream().sorted().toList()) {
            text.append(row(kernel));
        }
        return text.append(chainTable()).toString();
    }

    private String chainTable() {
        StringBuilder text = new StringBuilder("""

                ## Chains of elementwise ops

                Made as they come up (see cuda.md); these are compiled by the gate. Bytes are of memory for one element, as one
                kernel and as a launch for each op.

                | chain | type | ops |""");
        for (Architecture arch : Architecture.ALL) {
            text.append(" registers ").append(arch.name()).append(" |");
        }
        for (Architecture arch : Architecture.ALL) {
            text.append(" occupancy ").append(arch.name()).append(" |");
        }
        text.append(" bytes | one by one |\n|---|---|---|");
        text.append("---|".repeat(2 * Architecture.ALL.length + 2)).append('\n');
        for (Case chain : chains) {
            ChainProgram program = chain.program();
            text.append("| " + chain.title() + " | " + program.dtype() + " | "
                    + program.steps().size() + " |" + resources(program.name(), THREADS) + " " + chain.bytes() + " | "
                    + chain.bytesOneByOne() + " |\n");
        }
        return text.toString();
    }

    private String row(String kernel) {
        int threads = blockThreads(kernel);
        int shared = usage.values().stream()
                .mapToInt(all -> used(all, kernel).sharedBytes())
                .max()
                .orElse(0);
        KernelWork work = KernelWork.of(kernel);
        return "| `" + kernel + "` | " + threads + " | " + shared + " |" + resources(kernel, threads) + " "
                + work.size() + " | " + amount(work.flops()) + " | " + amount(work.bytes()) + " | " + work.intensity()
                + " |\n";
    }

    private static Usage used(Map<String, Usage> all, String kernel) {
        Usage used = all.get(kernel);
        if (used == null) {
            throw new AssertionError(kernel + " was not compiled for every generation");
        }
        return used;
    }

    /** Registers and occupancy of each generation. */
    private String resources(String kernel, int threads) {
        StringBuilder registers = new StringBuilder();
        StringBuilder occupancy = new StringBuilder();
        for (Map.Entry<Architecture, Map<String, Usage>> each : usage.entrySet()) {
            Usage used = used(each.getValue(), kernel);
            registers.append(' ').append(used.registers()).append(" |");
            occupancy
                    .append(' ')
                    .append(Math.round(100 * each.getKey().occupancy(threads, used.registers(), used.sharedBytes())))
                    .append("% |");
        }
        return registers.append(occupancy).toString();
    }

    /** What {@code __launch_bounds__} came to. */
    private int blockThreads(String kernel) {
        String ptx = String.valueOf(intermediate.get(sources.kernels().get(kernel)));
        Matcher bounds = Pattern.compile(
                        "\\.entry " + kernel + "\\([^)]*\\)\\s*\\.maxntid (\\d+), (\\d+), (\\d+)", Pattern.DOTALL)
                .matcher(ptx);
        return bounds.find() ? Integer.parseInt(bounds.group(1)) * Integer.parseInt(bounds.group(2)) : THREADS;
    }

    private static String amount(double value) {
        return value >= 1e9
                ? String.format(Locale.ROOT, "%.2f G", value / 1e9)
                : String.format(Locale.ROOT, "%.2f M", value / 1e6);
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("tensor"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no directory above " + Path.of("").toAbsolutePath() + " holds tensor/");
            }
            directory = parent;
        }
        return directory;
    }
}
