package dev.seiche.study.data;

import java.util.List;
import java.util.Map;

/**
 * A data set that can be got.
 *
 * @param name as studies call it
 * @param description one line: what it is, how large, under which terms
 * @param sha256 of each file as the cache keeps it, by name
 * @param ways to come by it, the best first
 */
public record SetFiles(String name, String description, Map<String, String> sha256, List<Way> ways) {
    /**
     * A source with what makes the set's files of it.
     *
     * @param source brings files
     * @param preparation turns them into those of the set
     */
    public record Way(Source source, Preparation preparation) {}

    public SetFiles {
        sha256 = Map.copyOf(sha256);
        ways = List.copyOf(ways);
    }

    /** Names of the files, sorted. */
    public List<String> files() {
        return sha256.keySet().stream().sorted().toList();
    }
}
