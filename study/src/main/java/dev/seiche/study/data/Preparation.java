package dev.seiche.study.data;

import java.nio.file.Path;
import java.util.List;

/** How the files of a source become the files of the set. */
@FunctionalInterface
public interface Preparation {
    /**
     * Writes one file of the set.
     *
     * @param file its name
     * @param found the directory that the source gave, searched for what it holds
     * @param to where to write it
     * @throws dev.seiche.study.UserException when the source does not hold it
     */
    void prepare(String file, Path found, Path to);

    /** What a source must hold for this: by default the set's own files. */
    default List<String> wanted(List<String> files) {
        return files;
    }
}
