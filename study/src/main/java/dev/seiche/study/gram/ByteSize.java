package dev.seiche.study.gram;

import dev.seiche.study.UserException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them. */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(KB|MB|GB)");

    private ByteSize() {}

    /**
     * Bytes of {@code 512MB} and the like; units are powers of 1024.
     *
     * @throws UserException for anything else
     */
    static long parse(String key, String text) {
        Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new UserException(
                    "%s must be a number with KB, MB or GB, got '%s'; give 512MB, say".formatted(key, text));
        }
        double unit = switch (form.group(2)) {
            case "KB" -> 0x1p10;
            case "MB" -> 0x1p20;
            default -> 0x1p30;
        };
        return Math.max(1, (long) (Double.parseDouble(form.group(1)) * unit));
    }

    /** A size in MB. */
    static String words(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", (double) bytes / (1 << 20));
    }
}
