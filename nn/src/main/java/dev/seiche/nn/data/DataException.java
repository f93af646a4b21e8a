package dev.seiche.nn.data;

/** Data that cannot be used as it is. The message says what disagrees, where, and what to do about it. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param what the fact found and the fact expected
     * @param where the file, directory or data set
     * @param fix what the reader can do
     */
    public DataException(String what, String where, String fix) {
        super("data: " + what + "\n  in: " + where + "\n  fix: " + fix);
    }
}
