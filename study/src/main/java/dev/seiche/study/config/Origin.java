package dev.seiche.study.config;

/**
 * Where a value was written.
 *
 * @param source what a person calls the place: {@code default}, a file's name, {@code command line}
 * @param line   line in that place from 1, or 0 where lines mean nothing
 */
public record Origin(String source, int line) {
    /** {@code file.yaml:3}, or the source alone. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
