package dev.seiche.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.rule.Rules;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cpu.CpuOptions.Level;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.UnsupportedOpException;
import dev.seiche.tensor.ViewOp;
import dev.seiche.tensor.op.FusedOp;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.spec.OpSpecs;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Walks the catalogue and names, for each op, the part that is missing and where it belongs. */
class EveryOpIsCompleteTest {
    @Test
    void everyOpHasASpecAReferenceKernelAndARule() throws Exception {
        var specs = new TreeMap<String, OpSpec<?>>();
        OpSpecs.all().forEach(spec -> specs.put(spec.type().getSimpleName(), spec));
        List<String> missing = new ArrayList<>();
        List<Class<? extends Op>> catalogue = catalogue();
        try (CpuBackend reference =
                CpuBackend.open(CpuOptions.defaults().withLevel(Level.REFERENCE).withThreads(1))) {
            for (Class<? extends Op> type : catalogue) {
                String name = type.getSimpleName();
                OpSpec<?> spec = specs.remove(name);
                if (spec == null) {
                    missing.add(name + ": no spec; add one to test/src/main/java/dev/seiche/testkit/spec");
                } else if (!hasKernel(reference, spec)) {
                    missing.add(name + ": no reference kernel; add a line to CpuKernels in kernels/");
                }
                var rule = Rules.standard().find(type);
                // a fused op is used on plain tensors only and is defined by its composed twin, so it needs no rule
                if (rule.isEmpty() && !FusedOp.class.isAssignableFrom(type)) {
                    missing.add(name
                            + ": no rule; add a row to a table in autograd/src/main/java/dev/seiche/autograd/rule");
                } else if (rule.isPresent() && !rule.get().knowsSamples()) {
                    missing.add(name + ": its rule does not say how samples go through it; add .perSample(...), or"
                            + " .perSampleUndefined(why), to its row");
                }
            }
        }
        specs.keySet().forEach(name -> missing.add(name + ": a spec but no op record in dev.seiche.tensor.op"));
        assertThat(missing).isEmpty();
        // pinned so that an op, or a whole scan, that gets lost is seen
        assertThat(catalogue).hasSizeGreaterThanOrEqualTo(60);
    }

    private static boolean hasKernel(CpuBackend backend, OpSpec<?> spec) {
        Op op = spec.draw(0).op();
        if (op instanceof ViewOp) {
            return true;
        }
        try {
            backend.kernel(op);
            return true;
        } catch (UnsupportedOpException e) {
            return false;
        }
    }

    private static List<Class<? extends Op>> catalogue()
            throws IOException, URISyntaxException, ClassNotFoundException {
        Path home = Path.of(
                Op.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(home)) {
            return opsUnder(home);
        }
        try (FileSystem jar = FileSystems.newFileSystem(home)) {
            return opsUnder(jar.getPath("/"));
        }
    }

    private static List<Class<? extends Op>> opsUnder(Path root) throws IOException, ClassNotFoundException {
        List<Class<? extends Op>> ops = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("dev/seiche/tensor/op"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type = Class.forName("dev.seiche.tensor.op." + name.substring(0, name.length() - 6));
                    if (type.isRecord() && Op.class.isAssignableFrom(type)) {
                        ops.add(type.asSubclass(Op.class));
                    }
                }
            }
        }
        return ops;
    }
}
