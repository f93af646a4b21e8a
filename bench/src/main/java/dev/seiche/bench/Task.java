package dev.seiche.bench;

/** A piece of work that frameworks can do: what to compute, and from which numbers. */
public sealed interface Task permits Matmul, Convolution, Step, Samples, ConvolutionGram {
    /** Unique, without spaces: {@code conv-64@32-forward}. */
    String name();

    /** As the table shows it. */
    String title();

    /** Multiplications and additions of the products in one run. */
    double flops();

    /** The most terms that one element of an answer sums up: rounding errors grow with its square root. */
    long terms();

    /** Makes it ready in a session. */
    Work in(Session session);
}
