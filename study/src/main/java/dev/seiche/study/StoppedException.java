package dev.seiche.study;

/** The run ended early because it was asked to, after saving what is needed to go on. Exit code 130. */
public final class StoppedException extends StudyException {
    private static final long serialVersionUID = 1L;

    /** @param message where the run stopped */
    public StoppedException(String message) {
        super(message);
    }

    @Override
    public int exitCode() {
        return 130;
    }
}
