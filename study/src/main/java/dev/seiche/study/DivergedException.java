package dev.seiche.study;

/** Training left the finite numbers (or a stated bound); what was measured before is kept. Exit code 3. */
public final class DivergedException extends StudyException {
    private static final long serialVersionUID = 1L;

    /** @param message what left which bound at which step, and what to try */
    public DivergedException(String message) {
        super(message);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
