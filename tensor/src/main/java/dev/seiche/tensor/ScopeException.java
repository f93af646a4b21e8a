package dev.seiche.tensor;

/** Memory was used against the rules of {@link Scope}: after close, out of order, in a sealed scope, or cross-thread. */
public final class ScopeException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public ScopeException(String message) {
        super(message);
    }
}
