package dev.seiche.study.gram;

import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.study.UserException;
import dev.seiche.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small network in a word: {@code mlp:512,512} has these hidden widths; {@code cnn:16,32} has 3 x 3 convolutions to these
 * channels, all but the first of stride 2, then the mean over pixels and a linear layer; {@code cnn-bn:16,32} has batch norm
 * behind each convolution.
 */
final class NetworkSpec {
    private static final Pattern FORM = Pattern.compile("(mlp|cnn|cnn-bn):(\\d{1,6}(?:,\\d{1,6})*)");

    private NetworkSpec() {}

    /**
     * The network for inputs of a shape.
     *
     * @throws UserException when the word is none of these
     */
    static Network parse(String spec, String activation, Shape input, int classes) {
        Matcher form = FORM.matcher(spec);
        if (!form.matches()) {
            throw new UserException(
                    "there is no model '%s': it is neither the directory of a run nor of the form mlp:512,512, cnn:16,32 or cnn-bn:16,32"
                            .formatted(spec));
        }
        List<Integer> sizes =
                Arrays.stream(form.group(2).split(",")).map(Integer::valueOf).toList();
        if (sizes.contains(0)) {
            throw new UserException("model '%s' has a layer of width 0; give widths of at least 1".formatted(spec));
        }
        Activation function = Activation.valueOf(activation.toUpperCase(Locale.ROOT));
        if (form.group(1).equals("mlp")) {
            List<Integer> widths = new ArrayList<>(sizes);
            widths.add(0, Math.toIntExact(input.size()));
            widths.add(classes);
            return Network.of(Mlp.of(widths.stream().mapToInt(Integer::intValue).toArray())
                    .withActivation(function));
        }
        return Network.of(convolutional(sizes, form.group(1).equals("cnn-bn"), function, input, classes));
    }

    private static Module convolutional(
            List<Integer> channels, boolean norm, Activation activation, Shape input, int classes) {
        Sequential all = Sequential.of();
        int in = input.dim(-1);
        for (int k = 0; k < channels.size(); k++) {
            Conv2d conv = Conv2d.of(in, channels.get(k), 3, k == 0 ? 1 : 2, 1);
            all = all.then("conv" + (k + 1), norm ? conv.withoutBias() : conv);
            if (norm) {
                all = all.then("norm" + (k + 1), BatchNorm.of(channels.get(k)));
            }
            all = all.then("act" + (k + 1), activation);
            in = channels.get(k);
        }
        return all.then("pool", GlobalPool.AVERAGE).then("head", Linear.of(in, classes));
    }
}
