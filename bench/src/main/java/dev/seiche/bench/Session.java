package dev.seiche.bench;

/** A framework opened with a number of threads. */
public interface Session extends AutoCloseable {
    Work matmul(Matmul task);

    Work convolution(Convolution task);

    Work step(Step task);

    @Override
    void close();
}
