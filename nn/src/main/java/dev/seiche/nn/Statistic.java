package dev.seiche.nn;

import dev.seiche.tensor.Shape;

/**
 * What a network says about one of its running statistics: a value that forward passes update and no gradient reaches.
 *
 * @param name path from the root of the network, unique in it: {@code bn1.mean}
 * @param initial value of all elements at the start
 */
public record Statistic(String name, Shape shape, double initial) {}
