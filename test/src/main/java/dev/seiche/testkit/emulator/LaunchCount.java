package dev.seiche.testkit.emulator;

import dev.seiche.kernels.cuda.KernelSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * How many kernels tests ran, and how often, over all test classes of one JVM. At its end one line says so, in
 * {@code test/target/kernels-run.txt}, which the build repeats. A test class has it as a parameter of its
 * {@code @AfterAll}, by {@code @ExtendWith(LaunchCount.OfTheBuild.class)}. Kernels that a backend makes for chains of ops
 * are counted apart: which ones there are depends on what tests ask for.
 */
public final class LaunchCount implements AutoCloseable {
    /** What kernels were run for. */
    public enum Pass {
        FORWARD,
        BACKWARD
    }

    /** Gives every test class the same count. */
    public static final class OfTheBuild implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == LaunchCount.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // the root's store is closed, and what is in it, when all tests have run
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(LaunchCount.class, key -> new LaunchCount(), LaunchCount.class);
        }
    }

    private final Map<Pass, Map<String, Long>> fast = new EnumMap<>(Pass.class);
    private final Map<Pass, Map<String, Long>> checked = new EnumMap<>(Pass.class);

    LaunchCount() {
        for (Pass pass : Pass.values()) {
            fast.put(pass, new TreeMap<>());
            checked.put(pass, new TreeMap<>());
        }
    }

    /** Adds launches, by the names of their kernels. */
    public void add(EmulatedMode mode, Pass pass, Map<String, Long> launches) {
        boolean looking = mode == EmulatedMode.CHECKED || mode == EmulatedMode.CHECKED_REVERSE;
        Map<String, Long> sum = (looking ? checked : fast).getOrDefault(pass, new TreeMap<>());
        launches.forEach((kernel, count) -> sum.merge(kernel, count, Long::sum));
    }

    @Override
    public String toString() {
        return "CUDA kernels that ran on " + System.getProperty("seiche.test.device", "emulated") + ", of "
                + KernelSources.read().kernels().size() + ": fast, " + words(fast) + "; checked, " + words(checked);
    }

    private static String words(Map<Pass, Map<String, Long>> passes) {
        return words("forward", passes.getOrDefault(Pass.FORWARD, Map.of()))
                + ", "
                + words("backward", passes.getOrDefault(Pass.BACKWARD, Map.of()));
    }

    private static String words(String pass, Map<String, Long> launches) {
        Map<String, Long> shipped = new TreeMap<>(launches);
        shipped.keySet().removeIf(kernel -> kernel.startsWith("chain_"));
        Map<String, Long> chains = new TreeMap<>(launches);
        chains.keySet().removeAll(shipped.keySet());
        String more = chains.isEmpty() ? "" : " and " + chains.size() + " chains of ops in " + sum(chains);
        return pass + " " + shipped.size() + " in " + sum(shipped) + " launches" + more;
    }

    private static long sum(Map<String, Long> launches) {
        return launches.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        System.out.println(this);
        try {
            Path target = EmulatedLibraries.root().resolve("test/target");
            Files.createDirectories(target);
            Files.writeString(target.resolve("kernels-run.txt"), this + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
