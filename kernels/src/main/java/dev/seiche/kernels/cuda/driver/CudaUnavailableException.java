package dev.seiche.kernels.cuda.driver;

/** CUDA, or the asked-for device, cannot be used here. The message is one line: why, and what to do instead. */
public final class CudaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String line;

    public CudaUnavailableException(String device, String reason) {
        super(device + " cannot be used: " + reason);
        this.line = device + " cannot be used: " + reason + "; use --device cpu";
    }

    @Override
    public String getMessage() {
        return line;
    }
}
