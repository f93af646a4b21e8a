package dev.seiche.metrics.preset;

/**
 * What a measured quantity is.
 *
 * @param name    under which it is recorded, {@code <layer>} standing for a layer's name; or the method that computes it
 * @param formula in the notation of {@link Catalogue}
 * @param source  who defined it
 * @param unit    of its values; empty for none
 * @param range   of its values
 * @param meaning what a value says
 */
public record Entry(String name, String formula, String source, String unit, String range, String meaning) {}
