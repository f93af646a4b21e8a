package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.CudaException;
import dev.seiche.kernels.cuda.driver.Function;
import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.LoadedProgram;
import dev.seiche.kernels.cuda.driver.Nvrtc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Kernels by name: a file is compiled for this device when its first kernel is asked for, once per user and version. */
final class Programs {
    /** No fast-math: f32 results are held to the bounds that the specs state. */
    static final List<String> OPTIONS = List.of("--std=c++17");

    private final GpuContext context;
    private final KernelSources sources;
    private final ImageCache cache = ImageCache.standard();
    private final Map<String, LoadedProgram> programs = new HashMap<>();
    private final Map<String, Function> functions = new HashMap<>();
    private @Nullable Nvrtc compiler;

    Programs(GpuContext context, KernelSources sources) {
        this.context = context;
        this.sources = sources;
    }

    Function function(String kernel) {
        Function found = functions.get(kernel);
        if (found == null) {
            String file = sources.kernels().get(kernel);
            if (file == null) {
                throw new AssertionError(
                        "no kernel " + kernel + " in " + sources.programs().keySet());
            }
            found = program(file).function(kernel);
            functions.put(kernel, found);
        }
        return found;
    }

    private LoadedProgram program(String file) {
        LoadedProgram program = programs.get(file);
        if (program == null) {
            program = load(file);
            programs.put(file, program);
        }
        return program;
    }

    private LoadedProgram load(String file) {
        Nvrtc nvrtc = compiler == null
                ? Nvrtc.open(context.gpu().device(), context.gpu().libraries())
                : compiler;
        compiler = nvrtc;
        String text = source(file);
        String architecture = nvrtc.architecture(context.gpu().capability());
        List<String> parts = new ArrayList<>(OPTIONS);
        parts.add(text);
        new TreeMap<>(sources.headers()).forEach((name, header) -> parts.add(name + "\n" + header));
        parts.add(architecture);
        parts.add(nvrtc.version());
        parts.add(context.gpu().name()); // an emulated device's code is for its own eyes
        String key = ImageCache.key(file, parts);
        byte[] kept = cache.find(key);
        if (kept != null) {
            try {
                return context.load(file, kept);
            } catch (CudaException e) {
                // a torn or outdated file: compiled again below, and written over
                kept = null;
            }
        }
        Nvrtc.Compiled compiled = nvrtc.compile(file, text, sources.headers(), architecture, OPTIONS);
        LoadedProgram loaded = context.load(file, compiled.image());
        cache.put(key, compiled.image());
        return loaded;
    }

    private String source(String file) {
        String text = sources.programs().get(file);
        if (text == null) {
            throw new AssertionError("no program " + file);
        }
        return text;
    }
}
