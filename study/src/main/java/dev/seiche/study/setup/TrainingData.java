package dev.seiche.study.setup;

import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.study.UserException;
import dev.seiche.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data that was loaded.
 *
 * @param data    samples as a network sees them
 * @param images  the same as bytes, or null where they are no images
 * @param outputs classes, or numbers of a target
 * @param source  where it was read
 * @param words   what each sample is, in a few characters; empty for images
 */
public record TrainingData(
        Dataset data, @Nullable LabelledImages images, int outputs, String source, List<String> words) {
    public TrainingData {
        words = List.copyOf(words);
    }

    /** Images. */
    static TrainingData of(Dataset data, LabelledImages images, String source) {
        return new TrainingData(data, images, images.classNames().size(), source, List.of());
    }

    /** Shape of one input. */
    public Shape input() {
        return data.inputs().shape();
    }

    /** The images. */
    public LabelledImages pictures() {
        if (images == null) {
            throw new UserException(
                    "data.set %s holds no images, and this needs some; choose an image set".formatted(data.name()));
        }
        return images;
    }

    /** What and how much, in a few words. */
    @Override
    public String toString() {
        return "%d samples of %s (%s)".formatted(data.size(), data.name(), source);
    }
}
