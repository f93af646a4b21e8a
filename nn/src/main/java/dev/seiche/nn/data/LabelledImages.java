package dev.seiche.nn.data;

import java.util.Arrays;
import java.util.List;

/**
 * Images with one byte a pixel and channel, and their class labels: plain data, as the files have it, without any tensor.
 * Immutable. Turn it into a {@link Dataset} with {@link #dataset}, which says how bytes become numbers.
 */
public final class LabelledImages {
    private final byte[] pixels;
    private final int[] labels;
    private final int height;
    private final int width;
    private final int channels;
    private final List<String> classNames;

    private LabelledImages(byte[] pixels, int[] labels, int height, int width, int channels, List<String> classNames) {
        this.pixels = pixels;
        this.labels = labels;
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.classNames = List.copyOf(classNames);
    }

    /**
     * Images from an IDX file of ubyte [N, H, W] or [N, H, W, C] and labels from one of ubyte [N].
     *
     * @param classNames the name of each label, from 0
     * @throws DataException if a file holds something else, the counts differ, there is no image, or a label has no name
     */
    public static LabelledImages of(Idx images, Idx labels, List<String> classNames) {
        require(images, "images of ubyte [N, H, W] or [N, H, W, C]", 3, 4);
        require(labels, "labels of ubyte [N]", 1, 1);
        if (images.dim(0) != labels.dim(0)) {
            throw new DataException(
                    images.dim(0) + " images, but " + labels.dim(0) + " labels",
                    images.source() + " and " + labels.source(),
                    "use the two files of one set");
        }
        if (images.size() == 0) {
            throw new DataException("there is no pixel in " + images, images.source(), "use a file with images");
        }
        int[] label = new int[labels.size()];
        for (int i = 0; i < label.length; i++) {
            label[i] = labels.content()[i] & 0xFF;
            if (label[i] >= classNames.size()) {
                throw new DataException(
                        "label %d of item %d is out of range: there are %d classes, 0 to %d"
                                .formatted(label[i], i, classNames.size(), classNames.size() - 1),
                        labels.source(),
                        "the file is damaged or belongs to another data set");
            }
        }
        int channels = images.rank() == 4 ? images.dim(3) : 1;
        return new LabelledImages(images.content(), label, images.dim(1), images.dim(2), channels, classNames);
    }

    /**
     * Images from bytes, which are not copied and must not change any more.
     *
     * @param pixels [N, height, width, channels]
     * @param labels N, each an index into the class names
     */
    static LabelledImages of(
            byte[] pixels, int[] labels, int height, int width, int channels, List<String> classNames) {
        return new LabelledImages(pixels, labels, height, width, channels, classNames);
    }

    private static void require(Idx file, String expected, int minRank, int maxRank) {
        if (file.type() != Idx.Type.UBYTE || file.rank() < minRank || file.rank() > maxRank) {
            throw new DataException(
                    "expected " + expected + ", found " + file.type() + Arrays.toString(file.dims()),
                    file.source(),
                    "check that images and labels are not swapped");
        }
    }

    public int count() {
        return labels.length;
    }

    /** Rows of an image. */
    public int height() {
        return height;
    }

    /** Columns of an image. */
    public int width() {
        return width;
    }

    public int channels() {
        return channels;
    }

    /** Bytes of one image: height x width x channels. */
    public int imageSize() {
        return height * width * channels;
    }

    /** Byte {@code at} (row-major [H, W, C]) of an image, 0 to 255. */
    public int pixel(int image, int at) {
        return pixels[Math.addExact(Math.multiplyExact(image, imageSize()), at)] & 0xFF;
    }

    /** Class of an image, an index into {@link #classNames}. */
    public int label(int image) {
        return labels[image];
    }

    /** A copy of all labels. */
    public int[] labels() {
        return labels.clone();
    }

    public List<String> classNames() {
        return classNames;
    }

    /**
     * The first n images.
     *
     * @throws DataException if there are fewer, or n is below 1
     */
    public LabelledImages first(int n) {
        if (n < 1 || n > count()) {
            throw new DataException(
                    "asked for the first " + n + " images, there are " + count(),
                    toString(),
                    "ask for 1 to " + count());
        }
        return new LabelledImages(
                Arrays.copyOf(pixels, n * imageSize()), Arrays.copyOf(labels, n), height, width, channels, classNames);
    }

    /**
     * Smaller images: each square of {@code side} by {@code side} pixels becomes its mean, rounded to the nearest byte, half
     * up. Rows and columns that do not fill a square are left out.
     *
     * @throws DataException if no square fits
     */
    public LabelledImages shrunk(int side) {
        if (side == 1) {
            return this;
        }
        int rows = height / Math.max(1, side);
        int columns = width / Math.max(1, side);
        if (side < 1 || rows == 0 || columns == 0) {
            throw new DataException(
                    "squares of side " + side + " do not fit", toString(), "use 1 to " + Math.min(height, width));
        }
        byte[] small = new byte[Math.multiplyExact(count(), rows * columns * channels)];
        int area = side * side;
        for (int i = 0; i < small.length; i++) {
            int channel = i % channels;
            int column = i / channels % columns;
            int row = i / (channels * columns) % rows;
            int image = i / (channels * columns * rows);
            int sum = 0;
            for (int y = row * side; y < (row + 1) * side; y++) {
                for (int x = column * side; x < (column + 1) * side; x++) {
                    sum += pixel(image, (y * width + x) * channels + channel);
                }
            }
            small[i] = (byte) ((sum + area / 2) / area);
        }
        return new LabelledImages(small, labels, rows, columns, channels, classNames);
    }

    /** The bytes of one image, [H, W, C] row-major; a copy. */
    public byte[] image(int image) {
        int size = imageSize();
        return Arrays.copyOfRange(pixels, image * size, (image + 1) * size);
    }

    /** Inputs [H, W, C] of standardised pixels; targets are the class labels. */
    public Dataset dataset(String name, Standardisation standardisation) {
        return new Dataset(name, new ImageColumn(this, standardisation), Column.labels(labels));
    }

    /** Inputs [H, W, C] with each pixel standardised for itself; targets are the class labels. */
    public Dataset dataset(String name, PixelStandardisation standardisation) {
        return new Dataset(name, new ImageColumn(this, standardisation), Column.labels(labels));
    }

    /** The bytes [N, H, W, C], not copied; this package does not change them. */
    byte[] pixels() {
        return pixels;
    }

    @Override
    public String toString() {
        return "%d images of %d x %d x %d in %d classes".formatted(count(), height, width, channels, classNames.size());
    }
}
