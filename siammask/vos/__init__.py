"""Video object segmentation: folders of DAVIS and YouTube-VOS, results as index PNG, J and F."""
