package dev.seiche.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is measured. One process opens one framework, because the libraries of two may not fit into it. */
public interface Framework {
    /** Short, without spaces. */
    String name();

    /** With versions, as the table shows it. */
    String title();

    /** Whether it takes part in a task: for questions about sample gradients somebody has to have written down how. */
    default boolean has(Task task) {
        return !(task instanceof Samples || task instanceof ConvolutionGram);
    }

    /** Opens it; all its work will use this many threads. */
    Session open(int threads);

    /** Seiche, and the peers that were compiled. */
    static List<Framework> all() {
        List<Framework> all = new ArrayList<>();
        all.add(new Seiche());
        for (String peer : List.of("Djl", "Bytedeco")) {
            // by name: a plain build has no peers
            find("dev.seiche.bench.peers." + peer).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<Framework> find(String className) {
        try {
            Class<?> type = Class.forName(className);
            return Optional.of((Framework) type.getConstructor().newInstance());
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + className, e);
        }
    }

    static Framework named(String name) {
        return all().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no framework '" + name + "' was compiled"));
    }
}
