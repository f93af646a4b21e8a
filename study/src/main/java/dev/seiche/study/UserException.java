package dev.seiche.study;

/** What was given cannot be used: a wrong key, a bad file, a full or unwritable disk. Exit code 2. */
public class UserException extends StudyException {
    private static final long serialVersionUID = 1L;

    /** @param message one to five lines, the last one a fix */
    public UserException(String message) {
        super(message);
    }

    /**
     * @param message one to five lines, the last one a fix
     * @param cause   what happened underneath, shown with {@code --debug}
     */
    public UserException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public final int exitCode() {
        return 2;
    }
}
