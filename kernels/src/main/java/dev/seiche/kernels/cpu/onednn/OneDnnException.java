package dev.seiche.kernels.cpu.onednn;

/** oneDNN refused a call. The message names the function, its status and what was asked for. */
public final class OneDnnException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final String[] STATUS = {
        "success",
        "out of memory",
        "invalid arguments",
        "unimplemented",
        "last implementation reached",
        "runtime error",
        "not required"
    };

    private final int status;

    OneDnnException(String what, String function, int status) {
        super(what + ": " + function + " returned status " + status
                + (status > 0 && status < STATUS.length ? " (" + STATUS[status] + ")" : ""));
        this.status = status;
    }

    /** oneDNN's status code, never 0. */
    public int status() {
        return status;
    }
}
