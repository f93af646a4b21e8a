package dev.seiche.nn.train;

/** Training met a number that is not finite. The weights are those of the step that met it; what probes saw is kept. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long step;
    private final String quantity;

    DivergedException(long step, String quantity, double rate) {
        super("training diverged at step " + step + ": the " + quantity + " is not finite; lower the learning rate ("
                + rate + " here) or clip the gradient");
        this.step = step;
        this.quantity = quantity;
    }

    /** The first step that met it. */
    public long step() {
        return step;
    }

    /** {@code loss}, or {@code gradient of NAME} with the first parameter that met it. */
    public String quantity() {
        return quantity;
    }
}
