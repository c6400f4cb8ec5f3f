"""The pages that people read: templates, words and formats. No HTTP here, and no arithmetic in templates."""
