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
    private static final List<String> OPTIONS = List.of("--std=c++17");

    /** For expressions.cuh: the product of one op and the sum of the next round as they do when each is a launch. */
    private static final List<String> ELEMENTWISE = List.of("--std=c++17", "--fmad=false");

    private final GpuContext context;
    private final Map<String, String> headers;
    private final Map<String, String> texts;
    private final Map<String, String> files;
    private final ImageCache cache = ImageCache.standard();
    private final Map<String, LoadedProgram> programs = new HashMap<>();
    private final Map<String, Function> functions = new HashMap<>();
    private @Nullable Nvrtc compiler;

    Programs(GpuContext context, KernelSources sources) {
        this.context = context;
        this.headers = sources.headers();
        this.texts = new HashMap<>(sources.programs());
        this.files = new HashMap<>(sources.kernels());
    }

    /** How the compiler is to treat a program. */
    static List<String> options(String text) {
        return text.contains("#include \"expressions.cuh\"") ? ELEMENTWISE : OPTIONS;
    }

    /** Adds a program that was made here, with one kernel of its name. */
    void add(String kernel, String text) {
        String file = kernel + ".cu";
        texts.put(file, text);
        files.put(kernel, file);
    }

    Function function(String kernel) {
        Function found = functions.get(kernel);
        if (found == null) {
            String file = files.get(kernel);
            if (file == null) {
                throw new AssertionError("no kernel " + kernel + " in " + texts.keySet());
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
        List<String> options = options(text);
        List<String> parts = new ArrayList<>(options);
        parts.add(text);
        new TreeMap<>(headers).forEach((name, header) -> parts.add(name + "\n" + header));
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
        Nvrtc.Compiled compiled = nvrtc.compile(file, text, headers, architecture, options);
        LoadedProgram loaded = context.load(file, compiled.image());
        cache.put(key, compiled.image());
        return loaded;
    }

    private String source(String file) {
        String text = texts.get(file);
        if (text == null) {
            throw new AssertionError("no program " + file);
        }
        return text;
    }
}
