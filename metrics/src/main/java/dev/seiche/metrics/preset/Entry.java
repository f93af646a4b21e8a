package dev.seiche.metrics.preset;

import java.util.regex.Pattern;

/**
 * What a measured quantity is.
 *
 * @param name    under which it is recorded, {@code <layer>} standing for a layer's name; or the method that computes it
 * @param need    the costliest that it asks a step for, a {@link dev.seiche.metrics.Need} in small letters; or the command that shows it
 * @param formula in the notation of {@link Catalogue}
 * @param source  who defined it
 * @param unit    of its values; empty for none
 * @param range   of its values
 * @param meaning what a value says
 */
public record Entry(
        String name, String need, String formula, String source, String unit, String range, String meaning) {

    /** Whether a value recorded under this name is one of this entry. */
    public boolean matches(String recorded) {
        if (!name.contains("<")) {
            return name.equals(recorded);
        }
        String pattern = Pattern.quote(name).replaceAll("<[^>]*>", "\\\\E.+\\\\Q");
        return Pattern.matches(pattern, recorded);
    }
}
