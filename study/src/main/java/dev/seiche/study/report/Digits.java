package dev.seiche.study.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as a person wants to read them: as many digits as mean something. */
public final class Digits {
    private Digits() {}

    /**
     * A number rounded to some significant digits: {@code 0.0123}, {@code 2.00}, {@code 601}, {@code 1.23e-7}; {@code n/a}
     * for NaN.
     *
     * @param digits at least 1
     */
    public static String of(double x, int digits) {
        if (Double.isNaN(x)) {
            return "n/a";
        } else if (Double.isInfinite(x)) {
            return x > 0 ? "infinity" : "-infinity";
        } else if (x == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(x).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        double size = Math.abs(rounded.doubleValue());
        if (size >= 1e-4 && size < 1e6) {
            int scale = rounded.scale() + digits - rounded.precision();
            return rounded.setScale(Math.max(0, scale)).toPlainString();
        }
        return String.format(Locale.ROOT, "%." + (digits - 1) + "e", x)
                .replace("e-0", "e-")
                .replace("e+0", "e")
                .replace("e+", "e");
    }

    /** Three significant digits. */
    public static String of(double x) {
        return of(x, 3);
    }

    /** A share as {@code 82%}; one decimal below 10%, as in {@code 3.4%}. */
    public static String percent(double share) {
        if (!Double.isFinite(share)) {
            return of(share);
        }
        double p = 100 * share;
        return String.format(Locale.ROOT, Math.abs(p) < 9.95 && p != 0 ? "%.1f%%" : "%.0f%%", p);
    }

    /** A span of time as {@code 0.8 s}, {@code 12 s}, {@code 3 min 5 s} or {@code 2 h 10 min}. */
    public static String duration(double seconds) {
        if (!(seconds >= 0)) {
            return "n/a";
        }
        long whole = Math.round(seconds);
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        } else if (whole < 60) {
            return whole + " s";
        } else if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** A number with at most six significant digits, as it is put into a report's data: none is drawn finer. */
    static double sixDigits(double x) {
        return x == 0 || !Double.isFinite(x)
                ? x
                : new BigDecimal(x).round(new MathContext(6)).doubleValue();
    }
}
