package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Modules one after the other, each under a name of its own. */
public final class Sequential implements Module {
    private final List<Part> parts;

    private record Part(String name, Module module) {}

    private Sequential(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Modules named {@code 0}, {@code 1}, ... by their place. */
    public static Sequential of(Module... modules) {
        Sequential all = new Sequential(List.of());
        for (Module module : modules) {
            all = all.then(module);
        }
        return all;
    }

    /** This, followed by a module named by its place. */
    public Sequential then(Module module) {
        return then(Integer.toString(parts.size()), module);
    }

    /** This, followed by a module of this name. */
    public Sequential then(String name, Module module) {
        List<Part> longer = new ArrayList<>(parts);
        longer.add(new Part(name, module));
        return new Sequential(longer);
    }

    @Override
    public void declare(Declaration declaration) {
        for (Part part : parts) {
            part.module.declare(declaration.in(part.name));
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T y = x;
        for (Part part : parts) {
            y = pass.run(part.name, part.module, y);
        }
        return y;
    }
}
