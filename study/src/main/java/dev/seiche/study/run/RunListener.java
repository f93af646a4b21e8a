package dev.seiche.study.run;

/** Hears what a run tells a person while it goes on. Called on the run's thread. */
public interface RunListener {
    /**
     * The run came this far.
     *
     * @param done  units of work done, from 0 to total
     * @param total units of work in all
     * @param note  a few words
     */
    void progress(long done, long total, String note);

    /** A line worth reading; it is in {@code log.txt} too. */
    void line(String text);

    /** Hears and says nothing. */
    static RunListener silent() {
        return new RunListener() {
            @Override
            public void progress(long done, long total, String note) {
                // Nobody listens.
            }

            @Override
            public void line(String text) {
                // Nobody listens.
            }
        };
    }
}
