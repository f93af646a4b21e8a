package dev.seiche.study.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * A heat map as a picture. Drawn here because a chart library draws a rectangle and a tick per cell, which is neither
 * quick nor legible for thousands of steps.
 */
final class HeatMapPicture {
    private static final int LEFT = 110;
    private static final int RIGHT = 110;
    private static final int TOP = 56;
    private static final int BOTTOM = 64;
    private static final int ROW = 44;
    private static final Color INK = new Color(0x3b434d);
    private static final Color HOLE = new Color(0xe6e9ed);

    /** Colours at -1, -0.5, 0, 0.5, 1, as in the light report. */
    private static final int[] SCALE = {0xb34a00, 0xeba36f, 0xf7f7f5, 0x74b3da, 0x005a8f};

    private HeatMapPicture() {}

    static BufferedImage draw(Figure.HeatMap map, int width) {
        int plotWidth = width - LEFT - RIGHT;
        int plotHeight = ROW * map.rows().size();
        BufferedImage image = new BufferedImage(width, TOP + plotHeight + BOTTOM, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, image.getHeight());
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 20));
        g.drawString(map.title(), LEFT, 34);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        cells(map, image, plotWidth);
        rows(map, g);
        ticks(map, g, plotWidth, TOP + plotHeight);
        colourBar(map, image, g, width - RIGHT + 30, plotHeight);
        g.dispose();
        return image;
    }

    private static void cells(Figure.HeatMap map, BufferedImage image, int plotWidth) {
        int columns = map.columns().length;
        for (int r = 0; r < map.values().size(); r++) {
            double[] row = map.values().get(r);
            for (int x = 0; x < plotWidth; x++) {
                // The nearest column; where there are more columns than pixels, some are not seen.
                double value = columns == 0 ? Double.NaN : row[(int) ((long) x * columns / plotWidth)];
                int rgb = colour(value).getRGB();
                for (int y = 0; y < ROW; y++) {
                    image.setRGB(LEFT + x, TOP + r * ROW + y, rgb);
                }
            }
        }
    }

    private static void rows(Figure.HeatMap map, Graphics2D g) {
        FontMetrics font = g.getFontMetrics();
        for (int r = 0; r < map.rows().size(); r++) {
            String name = map.rows().get(r);
            g.drawString(name, LEFT - 10 - font.stringWidth(name), TOP + r * ROW + ROW / 2 + font.getAscent() / 2 - 1);
        }
    }

    private static void ticks(Figure.HeatMap map, Graphics2D g, int plotWidth, int bottom) {
        FontMetrics font = g.getFontMetrics();
        int columns = map.columns().length;
        if (columns > 0) {
            double first = map.columns()[0];
            double last = map.columns()[columns - 1];
            double step = niceStep((last - first) / 6);
            for (double at = Math.ceil(first / step) * step; at <= last; at += step) {
                double share = last == first ? 0.5 : (at - first) / (last - first);
                int x = LEFT + (int) Math.round(share * (plotWidth - 1));
                String label = String.format(Locale.ROOT, step < 1 ? "%.2f" : "%.0f", at);
                g.drawLine(x, bottom, x, bottom + 5);
                g.drawString(label, x - font.stringWidth(label) / 2, bottom + 8 + font.getAscent());
            }
        }
        String title = map.x().title();
        g.drawString(title, LEFT + (plotWidth - font.stringWidth(title)) / 2, bottom + 30 + font.getAscent());
    }

    /** The smallest of 1, 2, 5 times a power of ten that is not below the given one. */
    private static double niceStep(double least) {
        if (!(least > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static void colourBar(Figure.HeatMap map, BufferedImage image, Graphics2D g, int x, int height) {
        FontMetrics font = g.getFontMetrics();
        for (int y = 0; y < height; y++) {
            int rgb = colour(1 - 2.0 * y / (height - 1)).getRGB();
            for (int i = 0; i < 14; i++) {
                image.setRGB(x + i, TOP + y, rgb);
            }
        }
        for (int tick = -1; tick <= 1; tick++) {
            int y = TOP + (1 - tick) * (height - 1) / 2;
            g.drawString(Integer.toString(tick), x + 20, y + font.getAscent() / 2 - 1);
        }
        g.drawString(map.legend(), x - 10, TOP - 12);
    }

    private static Color colour(double value) {
        if (Double.isNaN(value)) {
            return HOLE;
        }
        double at = (Math.clamp(value, -1, 1) + 1) / 2 * (SCALE.length - 1);
        int below = Math.min((int) at, SCALE.length - 2);
        double part = at - below;
        return new Color(
                mix(SCALE[below] >> 16, SCALE[below + 1] >> 16, part),
                mix(SCALE[below] >> 8, SCALE[below + 1] >> 8, part),
                mix(SCALE[below], SCALE[below + 1], part));
    }

    private static int mix(int a, int b, double part) {
        return (int) Math.round((a & 255) * (1 - part) + (b & 255) * part);
    }
}
