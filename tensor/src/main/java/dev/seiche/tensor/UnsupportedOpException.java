package dev.seiche.tensor;

/** A backend has no kernel for an op. The message names both and says what to do. */
public final class UnsupportedOpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnsupportedOpException(Op op, String device) {
        super(op.name() + ": no kernel on device '" + device + "'; use device 'cpu', which has one for every op");
    }
}
