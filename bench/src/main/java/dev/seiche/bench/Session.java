package dev.seiche.bench;

/** A framework opened with a number of threads. */
public interface Session extends AutoCloseable {
    Work matmul(Matmul task);

    Work convolution(Convolution task);

    Work step(Step task);

    /** Only where {@link Framework#has} says so. */
    default Work samples(Samples task) {
        throw new UnsupportedOperationException(task.name());
    }

    /** Only where {@link Framework#has} says so. */
    default Work gram(ConvolutionGram task) {
        throw new UnsupportedOperationException(task.name());
    }

    @Override
    void close();
}
