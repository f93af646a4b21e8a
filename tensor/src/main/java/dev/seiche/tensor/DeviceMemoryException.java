package dev.seiche.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A device has not enough memory. The message says what was asked for, what is taken, and which scopes hold most. */
public final class DeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int SCOPES_TO_NAME = 5;

    /**
     * @param wanted bytes asked for
     * @param taken bytes of all live tensors
     * @param total bytes of the device
     */
    public DeviceMemoryException(String device, long wanted, long taken, long total) {
        super("%s has not enough memory: a tensor needs %s, live tensors hold %s, the device has %s"
                .formatted(device, amount(wanted), amount(taken), amount(total)));
    }

    private DeviceMemoryException(String message, DeviceMemoryException cause) {
        super(message, cause);
    }

    /** The same, with the scopes from this one up to its root, largest first. */
    DeviceMemoryException in(Scope scope) {
        List<Scope> scopes = new ArrayList<>(scope.path());
        scopes.sort(Comparator.comparingLong(Scope::liveBytes).reversed());
        StringBuilder text = new StringBuilder(getMessage());
        for (Scope each : scopes.subList(0, Math.min(SCOPES_TO_NAME, scopes.size()))) {
            text.append("\n  scope '")
                    .append(each.name())
                    .append("' holds ")
                    .append(amount(each.liveBytes()))
                    .append(" in ")
                    .append(each.tensorCount())
                    .append(" tensors");
        }
        text.append("\n  smaller batches need less, and what is no longer needed goes with its scope");
        return new DeviceMemoryException(text.toString(), this);
    }

    private static String amount(long bytes) {
        if (bytes < 1 << 20) {
            return bytes + " bytes";
        }
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
