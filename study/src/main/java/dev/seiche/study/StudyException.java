package dev.seiche.study;

/**
 * A run or a command cannot go on, for a reason that is told in one to five lines.
 *
 * <p>The message is written for the person at the terminal: what is wrong, the two facts that disagree, and what to do.
 * It is shown without a stack trace. Anything else that is thrown counts as a bug.
 */
public abstract class StudyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String message;

    /** @param message one to five lines, the last one a fix where there is a certain one */
    protected StudyException(String message) {
        super(message);
        this.message = message;
    }

    /**
     * @param message one to five lines, the last one a fix where there is a certain one
     * @param cause   what happened underneath, shown with {@code --debug}
     */
    protected StudyException(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    /** One to five lines for the person at the terminal. */
    @Override
    public final String getMessage() {
        return message;
    }

    /** Exit code of the process: 2 bad input or place, 3 diverged, 130 asked to stop. */
    public abstract int exitCode();
}
