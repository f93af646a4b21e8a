package dev.seiche.study.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Draws the small pictures of a contact sheet. */
final class ContactSheet {
    /** Side of a picture on the sheet, in pixels; smaller ones are enlarged without smoothing. */
    private static final int CELL = 84;

    private static final int WORD = 22;

    private ContactSheet() {}

    /** One picture as a PNG file, in its own size. */
    static byte[] png(Figure.Contacts sheet, int index) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(picture(sheet, index), "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All pictures in rows, with their words. */
    static BufferedImage draw(Figure.Contacts sheet, int width) {
        int across = Math.max(1, width / (CELL + 8));
        int rows = Math.max(1, Math.ceilDiv(sheet.pictures().size(), across));
        BufferedImage all = new BufferedImage(width, rows * (CELL + WORD + 8), BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = all.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, all.getWidth(), all.getHeight());
        pen.setColor(Color.DARK_GRAY);
        pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (int i = 0; i < sheet.pictures().size(); i++) {
            int x = i % across * (CELL + 8);
            int y = i / across * (CELL + WORD + 8);
            pen.drawImage(picture(sheet, i), x, y, CELL, CELL, null);
            pen.drawString(sheet.words().get(i), x, y + CELL + 14);
        }
        pen.dispose();
        return all;
    }

    private static BufferedImage picture(Figure.Contacts sheet, int index) {
        byte[] bytes = sheet.pictures().get(index);
        BufferedImage picture = new BufferedImage(sheet.width(), sheet.height(), BufferedImage.TYPE_INT_RGB);
        int channels = sheet.channels();
        for (int y = 0; y < sheet.height(); y++) {
            for (int x = 0; x < sheet.width(); x++) {
                int at = (y * sheet.width() + x) * channels;
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    rgb = rgb << 8 | bytes[at + (channels == 3 ? c : 0)] & 0xFF;
                }
                picture.setRGB(x, y, rgb);
            }
        }
        return picture;
    }
}
