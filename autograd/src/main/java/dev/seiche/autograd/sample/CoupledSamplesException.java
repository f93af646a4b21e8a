package dev.seiche.autograd.sample;

/**
 * Per-sample gradients were asked of a record in which samples meet. The message names the op where they do, and the
 * meanings to choose from.
 */
public final class CoupledSamplesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CoupledSamplesException(String op, String why) {
        super("sample gradients: " + op + " couples samples: " + why + "; say what a sample's gradient shall be:"
                + "\n  FROZEN: batch statistics are constants; record the losses with running statistics (evaluating)"
                + "\n  EXACT: the derivative of each loss through all samples, by one backward pass per sample"
                + "\n  CONTRIBUTION: what each sample's own activations add to the gradient of the summed loss");
    }
}
