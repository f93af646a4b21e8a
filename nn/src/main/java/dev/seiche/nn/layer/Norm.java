package dev.seiche.nn.layer;

import dev.seiche.nn.Module;

/** Which norm follows a layer of a network. */
public enum Norm {
    /** None: the identity. */
    NONE {
        @Override
        public Module of(int features) {
            return Activation.IDENTITY;
        }
    },
    /** {@link BatchNorm}, which couples the samples of a batch in training. */
    BATCH {
        @Override
        public Module of(int features) {
            return BatchNorm.of(features);
        }
    },
    /** {@link LayerNorm} over the last axis. */
    LAYER {
        @Override
        public Module of(int features) {
            return LayerNorm.of(features);
        }
    };

    /** The module that norms a last axis of this size. */
    public abstract Module of(int features);
}
