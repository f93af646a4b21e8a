package dev.seiche.study.data;

import java.nio.file.Path;
import java.util.List;

/** One way to come by the files of a set. */
public interface Source {
    /** One lower-case word, as it is chosen on the command line: {@code npm}, {@code debian}, {@code home}, {@code folder}. */
    String kind();

    /** What and from whom, in a few words. */
    String description();

    /** Whether it needs a network. */
    boolean online();

    /**
     * Brings files into a directory; more than the set needs is fine.
     *
     * @param files what the set needs, for sources that can choose
     * @param into an empty directory, or one that an interrupted call left
     * @param tell hears what is being done, a line each
     * @return the directory that holds the files, {@code into} or below it, or one that already had them
     * @throws dev.seiche.study.UserException when it cannot; the message says what to do
     */
    Path bring(List<String> files, Path into, Tell tell);

    /** Hears lines. */
    @FunctionalInterface
    interface Tell {
        void line(String text);
    }
}
