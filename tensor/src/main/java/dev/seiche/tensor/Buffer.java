package dev.seiche.tensor;

/** A backend's handle on a block of its memory. Only the backend that made it looks inside. */
public interface Buffer {
    long byteSize();
}
