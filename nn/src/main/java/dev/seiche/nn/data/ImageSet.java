package dev.seiche.nn.data;

import java.util.Map;

/**
 * The training and the test images of a named data set.
 *
 * @param name as given to {@link ImageSets#load}
 * @param source the directory they were read from, or {@code shipped}
 * @param sha256 of each uncompressed file, by file name: what a run record should keep
 */
public record ImageSet(
        String name, String source, LabelledImages train, LabelledImages test, Map<String, String> sha256) {

    public ImageSet {
        sha256 = Map.copyOf(sha256);
    }
}
