package dev.seiche.bench;

import java.util.Locale;

/**
 * Something about the gradients of all samples of a batch, from images to answer: forward and backward passes included, no
 * weight updated.
 *
 * @param network layers, weights, images and labels; not its training step
 */
public record Samples(Step network, Want want) implements Task {
    /** What is asked, and how. */
    public enum Want {
        /** Inner products of all pairs, as the framework does it best: [B, B]. */
        GRAM("Gram matrix"),
        /** The same: all gradients formed, then multiplied by a product of matrices. */
        GRAM_FORMED("Gram matrix from all gradients"),
        /** The same: a backward pass for each sample, then a product of matrices. */
        GRAM_LOOP("Gram matrix, a pass for each sample"),
        /** Euclidean norms: [B]. */
        NORMS("all norms"),
        /** Norms, and the mean gradient as a training step needs it; the answer has the norms. */
        NORMS_AND_MEAN("all norms and the mean gradient");

        private final String title;

        Want(String title) {
            this.title = title;
        }
    }

    @Override
    public String name() {
        return "samples-" + network.name() + "-"
                + want.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String title() {
        return network.title() + ", " + want.title;
    }

    @Override
    public double flops() {
        return network.flops();
    }

    @Override
    public long terms() {
        // an inner product of two gradients, each element of which sums over positions
        return network.parameters().stream().mapToLong(p -> p.shape().size()).sum()
                * network.image().get(0);
    }

    @Override
    public Work in(Session session) {
        return session.samples(this);
    }
}
