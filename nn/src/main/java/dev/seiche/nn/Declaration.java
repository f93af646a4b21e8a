package dev.seiche.nn;

import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what the modules of a network declare, at one path in it. */
public final class Declaration {
    private final String prefix;
    private final Content content;

    /** What was declared so far, shared by all paths. */
    private static final class Content {
        private final List<Parameter> parameters = new ArrayList<>();
        private final List<Statistic> statistics = new ArrayList<>();
        private final List<String> couplings = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
    }

    private Declaration(String prefix, Content content) {
        this.prefix = prefix;
        this.content = content;
    }

    static Declaration root() {
        return new Declaration("", new Content());
    }

    /** The declaration of a part, whose names begin with this one. */
    public Declaration in(String part) {
        return new Declaration(Paths.part(prefix, part), content);
    }

    /** A weight that gradients reach. */
    public void parameter(String name, Shape shape, Init init, Fans fans) {
        content.parameters.add(new Parameter(unique(name), shape, init, fans));
    }

    /** A weight [.., in, out], whose shape gives the fans. */
    public void parameter(String name, Shape shape, Init init) {
        parameter(name, shape, init, Fans.of(shape));
    }

    /** A value that forward passes update and gradients do not reach. */
    public void statistic(String name, Shape shape, double initial) {
        content.statistics.add(new Statistic(unique(name), shape, initial));
    }

    /**
     * Says that in training the output for one sample depends on the others of its batch, so that a loss over
     * micro-batches is not the loss over the whole batch.
     */
    public void couplesSamples() {
        content.couplings.add(prefix.isEmpty() ? "." : prefix.substring(0, prefix.length() - 1));
    }

    List<Parameter> parameters() {
        return List.copyOf(content.parameters);
    }

    List<Statistic> statistics() {
        return List.copyOf(content.statistics);
    }

    List<String> couplings() {
        return List.copyOf(content.couplings);
    }

    private String unique(String name) {
        String path = Paths.leaf(prefix, name);
        if (!content.names.add(path)) {
            throw new IllegalArgumentException(
                    "network: two parameters or statistics are called '" + path + "'; give the parts different names");
        }
        return path;
    }
}
