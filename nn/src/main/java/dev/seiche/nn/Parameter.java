package dev.seiche.nn;

import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;

/**
 * What a network says about one of its weights; holds no data.
 *
 * @param name path from the root of the network, unique in it: {@code fc1.weight}, {@code block1.conv.bias}
 * @param init how it begins
 * @param fans of its layer
 */
public record Parameter(String name, Shape shape, Init init, Fans fans) {

    /** The path of the layer, which its weight and bias share: {@code fc1}. The root's own parameters are of layer {@code .}. */
    public String layer() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "." : name.substring(0, dot);
    }

    @Override
    public String toString() {
        return name + shape;
    }
}
