package dev.seiche.study.config;

import dev.seiche.study.UserException;

/** A configuration cannot be used; the message names the key, the place and the way out. */
public final class ConfigException extends UserException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key     dotted key, or empty where no key is to blame
     * @param message one to five lines
     */
    public ConfigException(String key, String message) {
        super(message);
        this.key = key;
    }

    /** The dotted key to blame, or empty. */
    public String key() {
        return key;
    }
}
