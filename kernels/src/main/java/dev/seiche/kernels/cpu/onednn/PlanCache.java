package dev.seiche.kernels.cpu.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Plans by geometry, the least recently used closed when there are too many. A plan that is in use is closed when its
 * last user is done. Safe for use by several threads.
 */
final class PlanCache<K, P> implements AutoCloseable {
    private final int capacity;
    private final Consumer<P> closer;
    private final LinkedHashMap<K, Entry<P>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    private static final class Entry<P> {
        private final P plan;
        private int users;
        private boolean evicted;

        Entry(P plan) {
            this.plan = plan;
        }
    }

    PlanCache(int capacity, Consumer<P> closer) {
        this.capacity = capacity;
        this.closer = closer;
    }

    /** Does {@code work} with the plan for {@code key}, made first where there is none. */
    void use(K key, Function<K, P> make, Consumer<P> work) {
        Entry<P> entry = acquire(key, make);
        try {
            work.accept(entry.plan);
        } finally {
            release(entry);
        }
    }

    private synchronized Entry<P> acquire(K key, Function<K, P> make) {
        if (closed) {
            throw new IllegalStateException("oneDNN: closed");
        }
        Entry<P> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(make.apply(key));
            entries.put(key, entry);
        }
        entry.users++;
        if (entries.size() > capacity) {
            Map.Entry<K, Entry<P>> eldest = entries.firstEntry();
            entries.remove(eldest.getKey());
            evict(eldest.getValue());
        }
        return entry;
    }

    private synchronized void release(Entry<P> entry) {
        entry.users--;
        if (entry.evicted && entry.users == 0) {
            closer.accept(entry.plan);
        }
    }

    private void evict(Entry<P> entry) {
        entry.evicted = true;
        if (entry.users == 0) {
            closer.accept(entry.plan);
        }
    }

    synchronized int size() {
        return entries.size();
    }

    /** Closes all plans, those in use when their users are done. */
    @Override
    public synchronized void close() {
        closed = true;
        entries.values().forEach(this::evict);
        entries.clear();
    }
}
