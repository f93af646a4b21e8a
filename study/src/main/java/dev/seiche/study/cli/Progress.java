package dev.seiche.study.cli;

import dev.seiche.study.report.Digits;
import dev.seiche.study.run.RunListener;
import java.util.Locale;

/**
 * Tells how far a run is, how fast it goes and how long it will take: one line drawn over and over on a terminal, a line
 * every tenth of the way elsewhere.
 */
final class Progress implements RunListener {
    /** A line that is drawn over must not wrap; most terminals are at least this wide. */
    private static final int WIDEST = 79;

    /** Ten times a second is as fast as a person reads. */
    private static final long REDRAW_NANOS = 100_000_000;

    private final Console console;
    private long startNanos;
    private long startDone = -1;
    private long lastDraw;
    private long lastTenth = -1;
    private boolean drawn;

    Progress(Console console) {
        this.console = console;
    }

    @Override
    public void progress(long done, long total, String note) {
        long now = console.nanos().getAsLong();
        if (startDone < 0) {
            startDone = done;
            startNanos = now;
            lastTenth = tenth(done, total);
            lastDraw = now - REDRAW_NANOS;
        }
        if (console.interactive()) {
            if (now - lastDraw >= REDRAW_NANOS || done == total) {
                lastDraw = now;
                drawn = true;
                // Back to the start of the line, and clear what was longer.
                console.err().print("\r" + cut(line(done, total, note, now)) + "\033[K");
                console.err().flush();
            }
        } else if (tenth(done, total) > lastTenth) {
            lastTenth = tenth(done, total);
            console.err().println(line(done, total, note, now));
        }
    }

    private static long tenth(long done, long total) {
        return total <= 0 ? 0 : 10 * done / total;
    }

    private String line(long done, long total, String note, long now) {
        double seconds = (now - startNanos) / 1e9;
        double rate = (done - startDone) / seconds;
        String speed = seconds > 0 && rate > 0
                ? " | %s/s | %s"
                        .formatted(
                                Digits.of(rate),
                                done == total
                                        ? "took " + Digits.duration(seconds)
                                        : "ETA " + Digits.duration((total - done) / rate))
                : "";
        long percent = total <= 0 ? 0 : 100 * done / total;
        return String.format(Locale.ROOT, "%3d%% %d/%d%s | %s", percent, done, total, speed, note);
    }

    private static String cut(String line) {
        return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 3) + "...";
    }

    @Override
    public void line(String text) {
        finish();
        console.err().println(text);
    }

    /** Leaves the line that was drawn over, so that other output starts on its own. */
    void finish() {
        if (drawn) {
            console.err().println();
            drawn = false;
        }
    }
}
